import type { Network } from '../../fn/api/network.ts';
import { knownWorkload } from '../../fn/api/workload-kinds.ts';
import type { Manifest } from '../../fn/changes/manifest.ts';
import { isSame, nameOf } from '../../fn/changes/manifest.ts';
import { explain } from '../../fn/explain/explain.ts';
import type { Explanation, Outcome } from '../../fn/explain/explanation.ts';
import { OPTIONS_ANNOTATION } from '../../fn/marks.ts';
import { type Address, type Family, FAMILIES, formatAddress, parseAddress } from '../../fn/net/address.ts';
import { type Cidr, containsAddress, formatCidr, lastOf } from '../../fn/net/cidr.ts';
import { PRIVATE } from '../../fn/net/special-ranges.ts';
import { labelOf } from '../../fn/status/owner.ts';
import { fieldsOf } from '../../fn/yaml/fields.ts';
import type { Result } from './evaluate.ts';

/** Which way the packets of some clients go. */
export interface ClientWays {
  /** Such as `Deployment apps/web`, or `any client of egress/vpn`. */
  readonly clients: readonly string[];
  readonly network: string;
  readonly rows: readonly Row[];
}

export interface Row {
  /** Where to. */
  readonly to: string;
  readonly by: 'eth0' | 'the gateway' | 'the network' | 'nothing' | 'it depends';
  /** What decides it, in a sentence. */
  readonly why: string;
}

const BY: Readonly<Record<Outcome, Row['by']>> = {
  primary: 'eth0',
  gateway: 'the gateway',
  client: 'the network',
  router: 'the network',
  dropped: 'nothing',
  depends: 'it depends',
};
/** Addresses of which the first that is not the cluster's stands for all others (RFC 5737, RFC 3849). */
const OUTSIDE: Readonly<Record<Family, readonly string[]>> = {
  IPv4: ['203.0.113.10', '198.51.100.10', '192.0.2.10', '1.1.1.1', '8.8.8.8'],
  IPv6: ['2001:db8::10', '2606:4700:4700::1111', '2001:4860:4860::8888'],
};
const LINK_LOCAL: Readonly<Record<Family, string>> = { IPv4: '169.254.169.254', IPv6: 'fe80::1' };

/** What leaves by eth0 and what does not, for the clients of each network: what `explain` says of each range. */
export function waysOf({ manifests, workloads, networks }: Result): readonly ClientWays[] {
  return networks.flatMap((network) => {
    const label = labelOf(network).replace(/^\//, '');
    const byClient = new Map<string, Row[]>();
    for (const { to, address } of destinationsOf(network)) {
      for (const one of explain(manifests, workloads, { destination: address }, true)) {
        if (one.network !== label) continue;
        for (const sender of one.senders) byClient.set(sender, [...(byClient.get(sender) ?? []), rowOf(to, one)]);
      }
    }
    const all = [...byClient].map(([client, rows]) => ({
      clients: [client],
      network: label,
      rows: eth0First([
        ...rows,
        ...optionRows(
          network,
          workloads.find((one) => `${one.kind} ${nameOf(one.metadata)}` === client),
        ),
      ]),
    }));
    return together(all);
  });
}

function rowOf(to: string, { outcome, summary, hops }: Explanation): Row {
  const [first] = hops;
  return { to, by: BY[outcome], why: (outcome === 'primary' ? first?.by : undefined) ?? summary };
}

function eth0First(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((one, other) => Number(other.by === 'eth0') - Number(one.by === 'eth0'));
}

interface Destination {
  readonly to: string;
  readonly address: Address;
}

function destinationsOf(network: Network): readonly Destination[] {
  return FAMILIES.flatMap((family) => {
    const own = network.clusterCidrs.filter((cidr) => cidr.family === family);
    const standard = PRIVATE.map(({ cidr }) => cidr).filter((cidr) => cidr.family === family);
    const cluster = own.length > 0 ? own : standard;
    const why = own.length > 0 ? 'the cluster, by spec.cluster.cidrs' : 'a private range, the cluster by default';
    const subnets = network.subnets.map(({ cidr }) => cidr).filter((cidr) => cidr.family === family);
    const inCluster = (text: string) => cluster.some((cidr) => containsAddress(cidr, addressOf(text)));
    const outside = OUTSIDE[family].find((text) => !inCluster(text));
    return [
      ...cluster.map((cidr) => ({ to: `${formatCidr(cidr)}: ${why}`, address: oneOf(cidr, network) })),
      {
        to: `${LINK_LOCAL[family]}: link-local${family === 'IPv4' ? ", such as a cloud's metadata" : ''}`,
        address: addressOf(LINK_LOCAL[family]),
      },
      ...subnets.map((cidr) => ({
        to: `${formatCidr(cidr)}: other clients`,
        address: { family, value: lastOf(cidr) - 1n },
      })),
      ...(outside === undefined
        ? []
        : [{ to: `any other ${family} address, such as ${outside}`, address: addressOf(outside) }]),
    ];
  });
}

/** An address of a range that is not of the network itself. */
function oneOf(cidr: Cidr, { subnets }: Network): Address {
  const first = { family: cidr.family, value: cidr.base + 1n };
  const isOwn = subnets.some((subnet) => containsAddress(subnet.cidr, first));
  return isOwn ? { family: cidr.family, value: lastOf(cidr) - 1n } : first;
}

function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new RangeError(`${text} is no address`);
  return address;
}

/** What addresses do not tell: names, and replies to connections from the cluster. */
function optionRows(network: Network, workload: Manifest | undefined): readonly Row[] {
  const { dns, inbound } = workload === undefined ? optionsOfAny(network) : optionsOf(workload);
  const gateways = network.subnets.map(({ gateway }) => formatAddress(gateway)).join(', ');
  return [
    dns
      ? { to: 'names (DNS)', by: 'the gateway', why: `asked of the resolver at ${gateways} (dns: Gateway)` }
      : {
          to: 'names (DNS)',
          by: 'eth0',
          why: "asked of the cluster's DNS, which asks its upstreams around the gateway (dns: Cluster)",
        },
    ...(inbound
      ? [{ to: 'replies to connections that came in by eth0', by: 'eth0', why: 'preserveInbound: Enabled' } as const]
      : []),
  ];
}

interface Options {
  readonly dns: boolean;
  readonly inbound: boolean;
}

/** Of pods that join when they are created, or later: what every entry asks for. */
function optionsOfAny({ clients }: Network): Options {
  return {
    dns: clients.length > 0 && clients.every(({ dns }) => dns === 'Gateway'),
    inbound: clients.some(({ preservesInbound }) => preservesInbound),
  };
}

/** What the function has written into the pod template. */
function optionsOf(workload: Manifest): Options {
  const path = knownWorkload(workload.kind, workload.apiVersion)?.path ?? [];
  const pod = path.reduce<unknown>((value, key) => fieldsOf(value)[key], workload);
  const mark = fieldsOf(fieldsOf(fieldsOf(pod)['metadata'])['annotations'])[OPTIONS_ANNOTATION];
  const options = typeof mark === 'string' ? mark.slice(mark.indexOf(' ') + 1).split(',') : [];
  return { dns: options.includes('dns'), inbound: options.includes('inbound') };
}

/** Clients with the same rows together. */
function together(all: readonly ClientWays[]): readonly ClientWays[] {
  const groups: ClientWays[] = [];
  for (const one of all) {
    const index = groups.findIndex(({ rows }) => isSame(rows, one.rows));
    const group = groups[index];
    if (group === undefined) groups.push(one);
    else groups[index] = { ...group, clients: [...group.clients, ...one.clients] };
  }
  return groups;
}
