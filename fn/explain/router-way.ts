import { type Address, type Family, formatAddress, parseAddress } from '../net/address.ts';
import { containsAddress, parseCidr } from '../net/cidr.ts';
import type { RouterConfig } from '../node/config/router-config.ts';
import type { Hop, Way } from './explanation.ts';
import type { Packet, RoutedPacket } from './packet.ts';
import type { ClientOf } from './pod.ts';
import { type Verdict, verdictsOf } from './rules.ts';

/** What rules that let a packet pass do with it, by where that leads. */
const PASSED = { gateway: 'forwards it', router: 'takes it' } as const;
type Passed = keyof typeof PASSED;

/** The way of a client's packet from the router on. */
export function routerWay(client: ClientOf, packet: Packet, isForRouter = false): Way {
  const { router } = client.network;
  if (router === undefined) {
    return { outcome: 'dropped', summary: 'dropped: the network has no router', hops: [] };
  }
  const { config, chains } = router;
  const source = sourceOf(client, packet.destination.family);
  const { interface: from } = config;
  if (isForRouter) return endedBy(verdictsOf(chains, 'input', { ...packet, source, from }), 'router');
  const routed: RoutedPacket = { ...packet, source, from, to: config.egress.interface };
  const way = endedBy(verdictsOf(chains, 'forward', routed), 'gateway');
  if (way.outcome === 'dropped') return way;
  const translated = translation(chains.get('postrouting') ?? [], config, packet.destination.family);
  const as = translated.address === undefined ? translated.words : `as ${translated.address}`;
  const summary = `leaves by the gateway of ${config.network}, ${as}`;
  return {
    outcome: way.outcome,
    summary: way.outcome === 'depends' ? `depends on protocol and port; what passes ${summary}` : summary,
    hops: [
      ...way.hops,
      egressHop(config, packet.destination),
      translated.hop,
      backHop(config, packet.destination.family),
    ],
  };
}

/** A client's address, or any of its subnet, of which rules know no more. */
function sourceOf({ addresses, network }: ClientOf, family: Family): Address {
  const own = addresses.find((address) => address.family === family);
  const subnets = (network.router?.config.subnets ?? []).flatMap((text) => parseCidr(text) ?? []);
  const subnet = subnets.find((cidr) => cidr.family === family);
  return own ?? { family, value: subnet?.base ?? 0n };
}

function endedBy(verdicts: readonly Verdict[], passed: Passed): Way {
  const hops = verdicts.map((verdict) => verdictHop(verdict, passed, verdicts.length > 1));
  const outcomes = new Set(verdicts.map(({ passes }) => passes));
  const [reason = 'the rules of the router'] = verdicts.flatMap((one) => (one.passes ? [] : (one.reason ?? [])));
  if (outcomes.size > 1) return { outcome: 'depends', summary: 'depends on protocol and port', hops };
  if (outcomes.has(false)) return { outcome: 'dropped', summary: `dropped by the router: ${reason}`, hops };
  return { outcome: passed, summary: 'reaches the router itself', hops };
}

function verdictHop({ passes, condition, rule, reason }: Verdict, passed: Passed, isOneOfSeveral: boolean): Hop {
  const what = passes ? PASSED[passed] : `drops it: ${reason ?? 'policy drop'}`;
  const which = condition ?? (isOneOfSeveral ? 'all else' : undefined);
  return { at: 'router', what: which === undefined ? what : `of ${which}: ${what}`, by: rule };
}

/** How the router sends it on: by a routing table of its own where the egress is another network. */
function egressHop({ egress, egressRoutes }: RouterConfig, destination: Address): Hop {
  const { interface: device } = egress;
  if (egress.type === 'ClusterNetwork') {
    return {
      at: 'router',
      what: `by ${device} to the cluster's network, and from there as the CNI has it`,
      by: 'the default route of the pod',
    };
  }
  if (egress.type === 'VPN') {
    return {
      at: 'router',
      what: `by the tunnel ${device}`,
      by: `route default dev ${device}, in the routing table 100`,
    };
  }
  const network = egressRoutes?.networks.find((text) => holds(text, destination));
  if (network !== undefined) {
    return {
      at: 'router',
      what: `by ${device} to the host itself`,
      by: `route ${network} dev ${device}, in the routing table 100`,
    };
  }
  const nextHop = egressRoutes?.nextHops.find((text) => parseAddress(text)?.family === destination.family);
  if (nextHop === undefined)
    return { at: 'router', what: `by ${device}, to nobody: there is no next hop for ${destination.family}` };
  return {
    at: 'router',
    what: `by ${device} to the next hop ${nextHop}`,
    by: `route default via ${nextHop} dev ${device}, in the routing table 100`,
  };
}

function holds(text: string, address: Address): boolean {
  const cidr = parseCidr(text);
  return cidr !== undefined && containsAddress(cidr, address);
}

/** The address that the outside sees. */
function translation(rules: readonly string[], config: RouterConfig, family: Family) {
  const ip = family === 'IPv4' ? 'ip' : 'ip6';
  const { interface: device, type } = config.egress;
  const rule = rules.find((line) => line.startsWith(`oifname "${device}" ${ip} saddr `)) ?? '';
  const [, shared] = /snat ip6? to (\S+)/.exec(rule) ?? [];
  const own = config.routers
    .flatMap(({ egressAddresses }) => egressAddresses.map((text) => text.replace(/\/.*/, '')))
    .filter((text) => parseAddress(text)?.family === family);
  const address = shared ?? (own.length > 0 ? own.join(' or ') : undefined);
  const words =
    type === 'VPN'
      ? 'with the address of the tunnel'
      : "with the address of the router's pod, or what the CNI makes of it";
  const hop: Hop = {
    at: 'router',
    what: `translates the source to ${address ?? (type === 'VPN' ? 'the address of the tunnel' : 'that of its pod')}`,
    by: rule,
  };
  return { address, words, hop };
}

function backHop({ routers, gateways }: RouterConfig, family: Family): Hop {
  const names = routers.map(({ name }) => name).join(' or ');
  const gateway = gateways.find((text) => parseAddress(text)?.family === family);
  const what = `answers come to the router (${names}) that has ${gateway}, which sends them to the client by the network`;
  return { at: 'back', what, by: 'the connection, which the router tracks' };
}

/** The ports outside that lead to a client's addresses. */
export function forwardHops({ network, addresses }: ClientOf): readonly Hop[] {
  const rules = network.router?.chains.get('destination') ?? [];
  return rules.flatMap((rule) => {
    const form = /iifname "([^"]*)" .*\b(tcp|udp) dport (\d+) dnat ip6? to (?:\[([^\]]+)\]|([^:\s]+)):(\d+)/;
    const [, device, protocol = '', port, ipv6, ipv4, target] = form.exec(rule) ?? [];
    const address = parseAddress(ipv6 ?? ipv4 ?? '');
    if (address === undefined || !addresses.some((own) => formatAddress(own) === formatAddress(address))) return [];
    const what = `connections from outside to ${protocol.toUpperCase()} ${port}, by ${device}, lead to ${formatAddress(address)} port ${target}`;
    return [{ at: 'router', what, by: rule }];
  });
}
