import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { run, tryRun } from '../agent/namespace.ts';
import { startClient } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, untilReady } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';
import { isAnswered, startEchoServer, tryTraffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';

const BRIDGE = 'br-vpn-4gfy37';
const VXLAN = 'vx-vpn-4gfy37';
const TABLE = 'gwn_egress.vpn';

/** What somebody does to a node, and what the agent says when it has made it good. */
const DRIFTS: readonly [string, string, string][] = [
  ['the VXLAN is deleted', `ip link del ${VXLAN}`, 'VXLAN created'],
  ['the bridge is deleted under its pods', `ip link del ${BRIDGE}`, 'bridge created'],
  ['the bridge is put down', `ip link set ${BRIDGE} down`, 'set up'],
  ['the VXLAN is put down', `ip link set ${VXLAN} down`, 'set up'],
  ['the VXLAN is taken off the bridge', `ip link set ${VXLAN} nomaster`, 'set master'],
  ['the MTU of the bridge is changed', `ip link set ${BRIDGE} mtu 1300`, 'set mtu 1450'],
  ['the MTU of the VXLAN is changed', `ip link set ${VXLAN} mtu 1300`, 'set mtu 1450'],
  [
    'the destinations of flooded frames are removed',
    `bridge fdb del 00:00:00:00:00:00 dev ${VXLAN} dst 172.18.0.12`,
    'peers added',
  ],
  [
    'the VXLAN is replaced by one with another VNI',
    // The agent may be the first to make another.
    `until ip link del ${VXLAN} && ip link add ${VXLAN} type vxlan id 7 dstport 4799 dev eth0; do :; done 2>/dev/null`,
    'VXLAN deleted, it was another',
  ],
  [
    'a rule is deleted',
    `nft delete rule inet ${TABLE} input handle $(nft -a list chain inet ${TABLE} input | grep -o "handle [0-9]*" | tail -n 1 | cut -d " " -f 2)`,
    'rules loaded',
  ],
  ['a table is deleted', `nft delete table arp ${TABLE}`, 'rules loaded'],
  ['all tables are flushed', 'nft flush ruleset', 'rules loaded'],
  ['the underlay flaps', 'ip link set eth0 down && ip link set eth0 up && ip route replace default via 172.18.0.1', ''],
];

/**
 * The network on a node, as far as the agent answers for it, and nothing that differs from one link
 * to another of its kind.
 */
function state(node: string): string {
  const links = tryRun(
    node,
    `ip -d -o link show ${BRIDGE}; ip -d -o link show ${VXLAN}; bridge link; bridge fdb show dev ${VXLAN} | grep ^00:00:00:00`,
  );
  const rules = tryRun(node, `for family in inet arp bridge; do nft -s list table $family ${TABLE}; done`);
  return (
    `${links}\n${rules}`
      .replaceAll(/^\d+: /gm, '')
      .replaceAll(/\b([\da-f]{2}:){5}[\da-f]{2}\b/g, 'MAC')
      .replaceAll(/8000\.\S+/g, 'ID')
      .replaceAll(/_timer +[\d.]+|@\w\S*:|port_id \S+|port_no \S+|designated_port \S+/g, '')
      // The kernel says UNKNOWN of a bridge until something has changed its carrier.
      .replaceAll(/ state (?:UNKNOWN|UP) /g, ' ')
      .replaceAll(/ +/g, ' ')
      .split('\n')
      .toSorted()
      .join('\n')
  );
}

async function repairTime(node: string, wanted: string, since: number): Promise<number> {
  while (Date.now() - since < 10_000) {
    if (state(node) === wanted) return Date.now() - since;
    await setTimeout(50);
  }
  expect(state(node)).toBe(wanted);
  return Infinity;
}

describeDatapath('within seconds the agent makes it good that', () => {
  it('links, destinations and rules were changed, and pods go on', async () => {
    using cluster = createCluster();
    await startEchoServer(cluster.underlay.internet);
    const installation = install(cluster, example('multi-node'), 2);
    const { agents, routers } = installation;
    await untilReady([...agents, ...routers]);
    const client = startClient(installation, 1);
    const node = cluster.nodes[0]?.namespace ?? '';
    const agent = agents[0];
    await tryTraffic(client.namespace, [INTERNET.IPv4]);
    const wanted = state(node);
    for (const [title, command, said] of DRIFTS) {
      const logged = agent?.log().length;
      const since = Date.now();
      run(node, command);
      const time = await repairTime(node, wanted, since);
      expect(time, title).toBeLessThan(6500);
      expect(agent?.log().slice(logged), title).toContain(said);
      await untilReady(agents);
      expect(isAnswered(await tryTraffic(client.namespace, [INTERNET.IPv4])), title).toBe(true);
    }
  });
});
