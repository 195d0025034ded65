import type { RouterConfig } from '../config/router-config.ts';

/** The number of cached names, and of open queries. */
const CACHE = 1000;
/** The longest time that an answer is cached, in seconds, negative answers (RFC 2308) included. */
const LONGEST_TTL = 300;

type Resolver = NonNullable<RouterConfig['resolver']>;

/**
 * The configuration of dnsmasq(8), which it reads when it starts. It listens at the addresses of the network alone,
 * those that come and go with VRRP included, and what arrives for them by another interface is dropped. Names without a
 * dot are not forwarded.
 */
export function dnsmasqConfig({ interface: device }: Pick<RouterConfig, 'interface'>): string {
  return lines([
    'keep-in-foreground',
    'user=root',
    'group=',
    'pid-file=',
    'log-facility=-',
    `interface=${device}`,
    'except-interface=lo',
    'bind-dynamic',
    'no-hosts',
    'no-resolv',
    'domain-needed',
    `cache-size=${CACHE}`,
    `dns-forward-max=${CACHE}`,
    `max-cache-ttl=${LONGEST_TTL}`,
  ]);
}

/**
 * Who is asked what (dnsmasq(8), "--servers-file"), which it reads again when it is told to: the cluster's name servers
 * for its names and networks, and for all names where there are no upstreams; nobody for addresses of the network
 * itself.
 *
 * The upstreams are not bound to the interface of the egress, which would need NET_RAW: routes and rules of the router
 * direct their packets.
 */
export function serversFile(subnets: readonly string[], resolver: Resolver, cluster: readonly string[]): string {
  const { upstreams, clusterDomain, clusterCidrs } = resolver;
  const questions = [
    `server=/${clusterDomain}/`,
    ...clusterCidrs.map((cidr) => `rev-server=${cidr},`),
    ...(upstreams.length === 0 ? ['server='] : []),
  ];
  return lines([
    ...subnets.map((cidr) => `rev-server=${cidr}`),
    ...upstreams.map((address) => `server=${address}`),
    ...questions.flatMap((question) => cluster.map((address) => `${question}${address}`)),
  ]);
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
