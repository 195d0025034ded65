import { RESOLVER } from '../agent/programs.ts';
import { type Address, formatAddress } from '../net/address.ts';
import { formatCidr } from '../net/cidr.ts';
import { OVERLAY_INTERFACE } from '../plan/gateway.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import type { ConfigData } from './config-map.ts';
import type { Program } from './pod.ts';

/** The number of cached names, and of open queries. */
const CACHE = 1000;
/** The longest time that an answer is cached, in seconds, negative answers (RFC 2308) included. */
const LONGEST_TTL = 300;

/**
 * The resolver, as a container of each router; none where no client asks it. It reads untrusted packets, so it has
 * almost no privileges.
 */
export function resolverPrograms({ resolver, resources }: NetworkPlan): readonly Program[] {
  if (resolver.type === 'None') return [];
  return [
    {
      container: 'resolver',
      script: RESOLVER.entry,
      resources: resources.resolver,
      env: [],
      capabilities: ['NET_BIND_SERVICE'],
    },
  ];
}

/** What it reads, and its program. */
export function resolverConfig(plan: NetworkPlan): ConfigData {
  if (plan.resolver.type === 'None') return {};
  return {
    'dnsmasq.conf': lines(settings(plan, plan.resolver.upstreams)),
    'cluster-servers': lines(clusterServers(plan, plan.resolver.upstreams)),
    ...RESOLVER.files,
  };
}

/**
 * The configuration of dnsmasq(8). It listens at the addresses of the network alone, those that
 * come and go with VRRP included, and what
 * arrives for them by another interface is dropped. Names without a dot and addresses of the
 * network itself are not forwarded.
 *
 * The upstreams are not bound to the interface of the egress, which would need NET_RAW: routes and rules of the
 * router direct their packets.
 */
function settings({ subnets }: NetworkPlan, upstreams: readonly Address[]): readonly string[] {
  return [
    'keep-in-foreground',
    'user=root',
    'group=',
    'pid-file=',
    'log-facility=-',
    `interface=${OVERLAY_INTERFACE}`,
    'except-interface=lo',
    'bind-dynamic',
    'no-hosts',
    'no-resolv',
    'domain-needed',
    `cache-size=${CACHE}`,
    `dns-forward-max=${CACHE}`,
    `max-cache-ttl=${LONGEST_TTL}`,
    ...subnets.map(({ cidr }) => `rev-server=${formatCidr(cidr)}`),
    ...upstreams.map((address) => `server=${formatAddress(address)}`),
  ];
}

/** The queries for the cluster's name servers: names of the cluster, and all names where there are no upstreams. */
function clusterServers(plan: NetworkPlan, upstreams: readonly Address[]): readonly string[] {
  return [
    `server=/${plan.clusterDomain}/`,
    ...plan.clusterCidrs.map((cidr) => `rev-server=${formatCidr(cidr)},`),
    ...(upstreams.length === 0 ? ['server='] : []),
  ];
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
