import type { Attachment, Observation } from '../cluster/observation.ts';
import { parseAddress } from '../net/address.ts';
import { formatCidr, parseCidr } from '../net/cidr.ts';
import type { Pool } from './network-status.ts';
import { componentOf, type NetworkId, ownedBy } from './owner.ts';

/** What the configuration of whereabouts has of a range (its docs/extended-configuration.md). */
interface Range {
  readonly range?: string;
  readonly range_start?: string;
  readonly range_end?: string;
}

/** How many addresses of each range of a network are taken, where whereabouts assigns them. */
export function poolsOf(network: NetworkId, { attachments, ipPools, running, pending }: Observation): readonly Pool[] {
  const [own] = ownedBy(network, attachments).filter((one) => componentOf(one) === 'network');
  const pods = new Set([...running, ...pending].map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`));
  return rangesOf(own).flatMap((range) => {
    const [cidr, first, last] = [parseCidr(range.range ?? ''), at(range.range_start), at(range.range_end)];
    if (cidr === undefined || first === undefined || last === undefined) return [];
    const name = formatCidr(cidr);
    const allocations = ipPools
      .filter(({ spec }) => spec?.range === name)
      .flatMap(({ spec }) =>
        Object.entries(spec?.allocations ?? {}).flatMap(([offset, { podref = '' }]) => {
          const value = cidr.base + BigInt(offset);
          return value < first || value > last ? [] : podref;
        }),
      );
    const stale = allocations.filter((podref) => !pods.has(podref)).length;
    return { range: name, size: Number(last - first) + 1, taken: allocations.length, stale };
  });
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

function rangesOf(attachment: Attachment | undefined): readonly Range[] {
  try {
    const { plugins = [] } = JSON.parse(attachment?.spec?.config ?? '{}') as {
      plugins?: readonly { ipam?: { type?: string; ipRanges?: readonly Range[] } }[];
    };
    return plugins.flatMap(({ ipam }) => (ipam?.type === 'whereabouts' ? (ipam.ipRanges ?? []) : []));
  } catch {
    return [];
  }
}

function at(text: string | undefined): bigint | undefined {
  return parseAddress(text ?? '')?.value;
}
