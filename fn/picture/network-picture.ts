import { isRendered, type Manifest } from '../changes/manifest.ts';
import { factsOf, type NetworkFacts, requireReadable } from '../explain/network-facts.ts';
import { senderOf } from '../explain/pod.ts';

/** What is drawn of a network: texts that are short, in the order in which they are drawn. */
export interface NetworkPicture {
  readonly label: string;
  /** The workloads that are its clients, such as `Deployment apps/web`. */
  readonly clients: readonly string[];
  readonly subnets: readonly string[];
  readonly gateways: readonly string[];
  /** How nodes are connected; nothing on a single node. */
  readonly overlay?: { readonly vni: number; readonly port: number };
  readonly mtu: number;
  /** Whether clients do not reach each other. */
  readonly isIsolated: boolean;
  readonly routers: readonly string[];
  /** What the routers let pass, if not everything. */
  readonly firewall?: string;
  readonly hasResolver: boolean;
  readonly egress: EgressPicture;
  /** Ports outside, and the client's address and port that each leads to. */
  readonly forwards: readonly string[];
}

export interface EgressPicture {
  readonly interface: string;
  /** By which addresses the outside knows the clients, if that is known. */
  readonly addresses: readonly string[];
  /** Where the interface leads: one or several hops beside each other. */
  readonly ways: readonly string[];
}

/**
 * The networks of an input, with their clients among its workloads.
 * @throws `Unreadable` for one that cannot be read
 */
export function networkPictures(manifests: readonly Manifest[]): readonly NetworkPicture[] {
  const networks = factsOf(manifests);
  const senders = manifests.flatMap((one) => (isRendered(one) ? [] : (senderOf(one, networks) ?? [])));
  return networks.flatMap((network) => {
    const clients = senders.filter(({ client }) => client?.network === network).map(({ name }) => name);
    return pictureOf(network, clients);
  });
}

function pictureOf(network: NetworkFacts, clients: readonly string[]): readonly NetworkPicture[] {
  requireReadable(network);
  const { label, agent, router } = network;
  if (router === undefined) return [];
  const { config, chains } = router;
  const overlay = agent?.config.overlay;
  const firewall = firewallText(chains.get('firewall') ?? []);
  return [
    {
      label,
      clients,
      subnets: config.subnets,
      gateways: config.gateways,
      ...(overlay && { overlay: { vni: overlay.vni, port: overlay.port } }),
      mtu: config.mtu,
      isIsolated: agent?.rules.includes('comment "client-isolation"') === true,
      routers: config.routers.map(({ name }) => name),
      ...(firewall !== undefined && { firewall }),
      hasResolver: config.resolver !== undefined,
      egress: egressOf(network),
      forwards: (chains.get('destination') ?? []).flatMap(forwardText),
    },
  ];
}

function egressOf({ router }: NetworkFacts): EgressPicture {
  const { config, chains } = router ?? {};
  const { type, interface: device } = config?.egress ?? { type: 'ClusterNetwork', interface: 'eth0' };
  const rules = (chains?.get('postrouting') ?? []).filter((rule) => rule.startsWith(`oifname "${device}" `));
  const shared = rules.flatMap((rule) => /snat ip6? to (\S+)/.exec(rule)?.[1] ?? []);
  const own = config?.routers.flatMap(({ egressAddresses }) => egressAddresses.map((text) => text.replace(/\/.*/, '')));
  const addresses = type === 'Network' ? (shared.length > 0 ? shared : (own ?? [])) : [];
  const nextHops = config?.egressRoutes?.nextHops ?? [];
  const ways = {
    ClusterNetwork: ["the cluster's network"],
    VPN: ['a VPN tunnel'],
    Network: nextHops.length > 0 ? nextHops.map((hop) => `next hop ${hop}`) : ['another network'],
  };
  return { interface: device, addresses, ways: ways[type] };
}

function firewallText(rules: readonly string[]): string | undefined {
  const count = (list: string) =>
    new Set(
      rules.flatMap((rule) => new RegExp(`"spec\\.gateway\\.firewall\\.${list}\\[(\\d+)\\]"`).exec(rule)?.[1] ?? []),
    ).size;
  const [denied, allowed] = [count('deny'), count('allow')];
  const parts = [...(denied > 0 ? [`denies ${denied}`] : []), ...(allowed > 0 ? [`allows ${allowed}`] : [])];
  return parts.length === 0 ? undefined : `firewall: ${parts.join(', ')}`;
}

function forwardText(rule: string): readonly string[] {
  const [, protocol = '', port, target] = /\b(tcp|udp) dport (\d+) dnat ip6? to (\S+)/.exec(rule) ?? [];
  return target === undefined ? [] : [`${protocol.toUpperCase()} ${port} to ${target}`];
}
