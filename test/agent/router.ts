import type { LocatedPlan } from '../../fn/plan/network-plan.ts';
import { routerAttachment } from '../../fn/render/attachment.ts';
import type { ConfigData } from '../../fn/render/config-map.ts';
import { routerConfig } from '../../fn/render/router-config.ts';
import { routerData } from '../../fn/render/router-data.ts';
import { routerRules } from '../../fn/render/router-rules.ts';
import { planOf } from '../plan/network.ts';
import { createNamespace, join, type Namespace, run, tryRun } from './namespace.ts';
import { createProgram, type Program, writeConfig } from './program.ts';

/** A router pod: `net1` on the network, `eth0` to the rest, and what is at their other ends. */
export interface Router extends Program {
  readonly client: Namespace;
  readonly outside: Namespace;
}

/** A network of both families, and its router. */
export const PLAN = planOf('{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}}');
export const ROUTER_PLAN = PLAN.routers[0];
/** Where clients send to, outside: one address of each family. */
export const OUTSIDE = ['203.0.113.10', '2001:db8::10'] as const;
/** The addresses of the router's pod on the cluster's network, by which it leaves. */
export const EGRESS = ['10.244.1.2', 'fd00:244::2'] as const;

/** That there is no node beside: no bridge that could be asked, and no agent that raises the MTU of the node's end. */
export const ALONE = { hasAgents: false, bridgeAnswers: false };

/** What its routers read, where there is no node. */
export const CONFIG = { ...routerData(PLAN), ...ALONE };

/** The rules of its router. */
export const RULES = routerRules(PLAN);

/** Its attachment, as the CNI plugins read it. */
export const ATTACHMENT = JSON.parse(routerAttachment(PLAN, ROUTER_PLAN).spec.config);

/**
 * Makes a router pod as CNI leaves it: default routes and forwarding are there; rules, addresses
 * and the fixed MAC are not. The
 * client has the gateway's MAC already, as it had before a restart.
 */
export function createRouter(
  config: object = {},
  environment: Readonly<Record<string, string>> = {},
  attach: (router: Namespace, client: Namespace) => void = attachDirectly,
): Router {
  const namespace = createNamespace();
  const client = createNamespace();
  const outside = createNamespace();
  for (const each of [namespace, client, outside]) run(each, 'echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad');
  join(namespace, 'eth0', outside, 'eth0');
  attach(namespace, client);
  run(namespace, 'ip addr add 10.244.1.2/24 dev eth0 && ip addr add fd00:244::2/64 dev eth0 nodad');
  run(outside, 'ip addr add 10.244.1.1/24 dev eth0 && ip addr add fd00:244::1/64 dev eth0 nodad');
  run(outside, 'ip addr add 203.0.113.10/32 dev lo && ip addr add 2001:db8::10/128 dev lo');
  run(namespace, 'ip route add default via 10.244.1.1 && ip route add default via fd00:244::1');
  run(client, 'ip addr add 192.168.50.20/24 dev net1 && ip addr add fd00:50::20/64 dev net1 nodad');
  run(client, 'ip route add default via 192.168.50.1 && ip route add default via fd00:50::1');
  for (const gateway of ['192.168.50.1', 'fd00:50::1']) {
    run(client, `ip neigh replace ${gateway} lladdr ${ROUTER_PLAN.mac} dev net1 nud permanent`);
  }
  const own = { ROUTER: '0', ...environment };
  const router = { ...createProgram({ namespace, script: 'router', environment: own }), client, outside };
  writeConfig(router, 'config.json', JSON.stringify({ ...CONFIG, ...config }));
  writeConfig(router, 'rules.nft', RULES);
  return router;
}

/** What a router of a network reads, where there is no node. */
export function configWithoutBridge(plan: LocatedPlan): ConfigData {
  return { ...routerConfig(plan), 'config.json': JSON.stringify({ ...routerData(plan), ...ALONE }) };
}

/** Joins a router and a client by a wire. */
function attachDirectly(namespace: Namespace, client: Namespace): void {
  join(namespace, 'net1', client, 'net1');
  for (const end of [namespace, client]) run(end, 'ip link set net1 mtu 1450');
  const sysctls = Object.entries(ATTACHMENT.plugins[1].sysctl).map(
    ([key, value]) => `echo ${String(value)} > /proc/sys/${key.replaceAll('.', '/')}`,
  );
  run(namespace, sysctls.join(' && '));
}

/**
 * All rules of a namespace but those by which other instances of a router are heard, which are loaded in their time.
 */
export function ruleset(namespace: Namespace): string {
  return run(namespace, 'nft -s list ruleset').replace(/^table inet gateway_instances \{.*?^\}\n/ms, '');
}

/** Lets the outside answer packets that are not masqueraded. */
export function letOutsideAnswer({ outside }: Router): void {
  run(outside, 'ip route add 192.168.50.0/24 via 10.244.1.2 && ip route add fd00:50::/64 via fd00:244::2');
}

/** Which addresses outside answer a client's ping. */
export function reached({ client }: Router): string[] {
  return OUTSIDE.filter((address) => tryRun(client, `ping -n -c 1 -W 1 ${address}`) !== undefined);
}

/** How many packets the rules with a comment have dropped. */
export function dropped({ namespace }: Router, comment: string): number {
  const counters = run(namespace, 'nft list table inet gateway').matchAll(/counter packets (\d+) .* comment "(.*)"/g);
  const matching = [...counters].filter((counter) => counter[2] === comment);
  return matching.reduce((sum, counter) => sum + Number(counter[1]), 0);
}
