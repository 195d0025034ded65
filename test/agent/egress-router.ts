import { routerAttachment } from '../../fn/render/attachment.ts';
import { planOf } from '../plan/network.ts';
import { createNamespace, join, type Namespace, run } from './namespace.ts';
import { writeConfig } from './program.ts';
import { configWithoutBridge, createRouter, type Router } from './router.ts';

/** A router whose egress is another network, `net2`, with the gateway of that network and somebody else on it. */
export interface EgressRouter extends Router {
  /** The network's own switch. */
  readonly vlan: Namespace;
  /** Its gateway, which is also what is behind it: 203.0.113.10 and 2001:db8::10. */
  readonly gateway: Namespace;
  readonly attacker: Namespace;
  /** Attaches the router to the network, anew where it was. */
  readonly attach: () => void;
}

export const NETWORK = `{type: Network, network: {attachment: {name: vlan99}, addresses: [10.99.0.11/24, "fd00:99::11/64"], gateways: [10.99.0.1, "fd00:99::1"]`;
export const SNAT = 'snatAddresses: [10.99.0.50, "fd00:99::50"]';
/** Where the attacker is. */
export const ATTACKER = ['10.99.0.66', 'fd00:99::66'] as const;

/** The spec of a network of both families with that egress. */
export function egressSpec(egress = `${NETWORK}}}`, gateway = ''): string {
  return `{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}, cluster: {cidrs: [10.244.0.0/16, "fd00:244::/64"]}, gateway: {egress: ${egress}${gateway && `, ${gateway}`}}}`;
}

/** Makes the pod of that router as CNI leaves it, and the network. */
export function createEgressRouter(spec = egressSpec()): EgressRouter {
  const plan = planOf(spec);
  const own = plan.routers[0];
  const router = createRouter();
  for (const [file, text] of Object.entries(configWithoutBridge(plan))) writeConfig(router, file, text);
  const [vlan, gateway, attacker] = [createNamespace(), createNamespace(), createNamespace()];
  run(vlan, 'ip link add br0 type bridge mcast_snooping 0 && ip link set br0 up');
  for (const [name, member, number] of [
    ['gateway', gateway, 1],
    ['attacker', attacker, 66],
  ] as const) {
    run(member, 'echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad');
    join(vlan, name, member, 'eth0');
    run(vlan, `ip link set ${name} master br0`);
    run(member, `ip addr add 10.99.0.${number}/24 dev eth0 && ip addr add fd00:99::${number}/64 dev eth0 nodad`);
  }
  run(gateway, 'ip addr add 203.0.113.10/32 dev lo && ip addr add 2001:db8::10/128 dev lo');
  const sysctls = Object.entries(JSON.parse(routerAttachment(plan, own).spec.config).plugins[1].sysctl).map(
    ([key, value]) => `echo ${String(value)} > /proc/sys/${key.replaceAll('.', '/')}`,
  );
  run(router.namespace, sysctls.join(' && '));
  const attach = () => {
    run(router.namespace, 'ip link del net2 2>/dev/null; true');
    join(router.namespace, 'net2', vlan, 'router');
    run(vlan, 'ip link set router master br0');
  };
  attach();
  return { ...router, vlan, gateway, attacker, attach };
}

/** Counts in a namespace, before anything else looks at them, packets that come in by an interface and match. */
export function count(namespace: Namespace, name: string, matches: readonly string[]): () => number {
  const rules = matches.map((match) => `${match} counter;`).join(' ');
  run(namespace, `nft 'table inet ${name} { chain in { type filter hook prerouting priority raw; ${rules} }; }'`);
  return () => {
    const counters = run(namespace, `nft list table inet ${name}`).matchAll(/packets (\d+)/g);
    return [...counters].reduce((sum, counter) => sum + Number(counter[1]), 0);
  };
}
