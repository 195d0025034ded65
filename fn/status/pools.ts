import type { Attachment, IPPool, Observation } from '../cluster/observation.ts';
import { parseAddress } from '../net/address.ts';
import { type Cidr, formatCidr, parseCidr } from '../net/cidr.ts';
import { type Fields, fieldsOf, listOf, textOf } from '../yaml/fields.ts';
import type { Pool } from './network-status.ts';
import { componentOf, type NetworkId, ownedBy } from './owner.ts';

/** How many addresses of each range of a network are taken, where whereabouts assigns them. */
export function poolsOf(network: NetworkId, { attachments, ipPools, running, pending }: Observation): readonly Pool[] {
  const [own] = ownedBy(network, attachments).filter((one) => componentOf(one) === 'network');
  const pods = new Set([...running, ...pending].map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`));
  return rangesOf(own).flatMap(({ cidr, first, last }) => {
    const name = formatCidr(cidr);
    const allocations = ipPools
      .filter(({ spec }) => spec?.range === name)
      .flatMap((pool) => allocationsOf(pool, cidr).filter(({ value }) => value >= first && value <= last));
    const stale = allocations.filter(({ pod }) => !pods.has(pod)).length;
    return { range: name, size: Number(last - first) + 1, taken: allocations.length, stale };
  });
}

/** By the offset of each address in the range. */
function allocationsOf({ spec }: IPPool, { base }: Cidr): readonly { readonly value: bigint; readonly pod: string }[] {
  return Object.entries(fieldsOf(spec?.allocations)).flatMap(([offset, allocation]) =>
    /^\d+$/.test(offset) ? [{ value: base + BigInt(offset), pod: textOf(fieldsOf(allocation)['podref']) }] : [],
  );
}

/** What is wrong with them: none is free. */
export function exhausted(pools: readonly Pool[]): readonly string[] {
  return pools
    .filter(({ size, taken }) => taken >= size)
    .map(
      ({ range, size, stale }) =>
        `no address of ${range} is free for another client: all ${size} are taken, ${stale} of them by pods that do not run; give whereabouts' reconciler time, or the network more addresses`,
    );
}

/** The ranges of an attachment, as the configuration of whereabouts has them (its docs/extended-configuration.md). */
function rangesOf(attachment: Attachment | undefined) {
  return listOf(configOf(attachment)['plugins']).flatMap(({ ipam }) => {
    const { type, ipRanges } = fieldsOf(ipam);
    return (type === 'whereabouts' ? listOf(ipRanges) : []).flatMap(({ range, range_start: start, range_end: end }) => {
      const [cidr, first, last] = [parseCidr(textOf(range)), at(start), at(end)];
      return cidr === undefined || first === undefined || last === undefined ? [] : [{ cidr, first, last }];
    });
  });
}

function configOf(attachment: Attachment | undefined): Fields {
  try {
    return fieldsOf(JSON.parse(textOf(attachment?.spec?.config)));
  } catch {
    return {};
  }
}

function at(value: unknown): bigint | undefined {
  return parseAddress(textOf(value))?.value;
}
