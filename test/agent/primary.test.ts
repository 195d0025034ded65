import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { attach, createGuarded, give, guarding, isOpen, noted } from './guarded.ts';
import { createNamespace, join, removeNamespace, run, tryRun } from './namespace.ts';
import { countIncoming } from '../datapath/bed/counter.ts';
import { createSuccessor } from './node.ts';
import { ask, type Program, start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

const TABLE = 'netdev gwn_vpn_primary';
const SECOND = { mac: '02:00:00:00:00:12', addresses: ['192.168.50.17/24'] };

/** The links that are held, of those that are there. */
function held({ namespace }: Program): readonly string[] {
  const listing = tryRun(namespace, `nft list table ${TABLE}`) ?? '';
  const [, set = ''] = /iif != (.*) accept comment/.exec(listing) ?? [];
  return Array.from(set.matchAll(/"([^"]*)"/g), ([, name = '']) => name);
}

/** The rules, when the agent has seen to it that they are as it has loaded them. */
function marked({ namespace }: Program): string {
  const listing = run(namespace, `nft -s list table ${TABLE}`);
  expect(listing).toContain('chain as_loaded_');
  return listing;
}

describeInNamespaces('the primary interface of a client', () => {
  it('is held before the pod is let on the network', async () => {
    const node = createGuarded();
    using agent = start(node);
    await untilReady(agent);
    attach(node, 'veth1');
    await eventually(() => expect(held(node)).toEqual(['caliveth1']));
    expect(isOpen(node, 'veth1')).toBe(false);
    give(node, 'veth1');
    await eventually(() => expect(isOpen(node, 'veth1')).toBe(true));
    const log = agent.log();
    expect(log.indexOf('rules loaded: primary')).toBeLessThan(log.indexOf('veth1: attached to the network'));
    await untilReady(agent);
  });

  it("is not held where it is a router's, nor are other interfaces of the pod", async () => {
    const node = createGuarded();
    using agent = start(node);
    await untilReady(agent);
    give(node, 'veth1', { network: 'egress.vpn-router-0', namespace: 'egress', addresses: [] });
    attach(node, 'veth1');
    const pod = attach(node, 'veth2');
    join(node.namespace, 'vethlan', pod, 'net2');
    writeFileSync(`${node.results}/lan-veth2-net2`, noted('vethlan', { network: 'lan' }));
    give(node, 'veth2', SECOND);
    await eventually(() => expect([isOpen(node, 'veth1'), isOpen(node, 'veth2')]).toEqual([true, true]));
    await eventually(() => expect(held(node)).toEqual(['caliveth2']));
  });

  it('stays held when the port of the pod is gone, whoever is the agent, until the pod is gone', async () => {
    const node = createGuarded();
    const pod = attach(node, 'veth1');
    give(node, 'veth1');
    {
      using agent = start(node);
      await eventually(() => expect(isOpen(node, 'veth1')).toBe(true));
      run(node.namespace, 'ip link del veth1');
      attach(node, 'veth2');
      give(node, 'veth2', SECOND);
      await eventually(() => expect(isOpen(node, 'veth2')).toBe(true));
      expect(held(node)).toEqual(['caliveth1', 'caliveth2']);
      await agent.stop('SIGKILL');
    }
    run(node.namespace, 'ip link del veth2');
    using successor = start(createSuccessor(node, 'agent-b', guarding(node.results)));
    await untilReady(successor);
    expect(held(node)).toEqual(['caliveth1', 'caliveth2']);
    removeNamespace(pod);
    // Another pod whose end has the name of one that has gone.
    join(node.namespace, 'caliveth1', attach(node, 'veth3'), 'other');
    await eventually(() => expect(held(node)).toContain('caliveth2'));
    await eventually(() => expect(run(node.namespace, `nft list table ${TABLE}`)).not.toMatch(/iif != [^}]*\b\d+\b/));
  });

  it('has no packet with a source outside on its way to another pod, over a bridge too', async () => {
    const node = createGuarded();
    using agent = start(node);
    const [client, other] = [attach(node, 'veth1'), createNamespace()];
    join(node.namespace, 'vethother', other, 'eth0');
    run(
      node.namespace,
      'ip link add cni0 type bridge; for each in caliveth1 vethother; do ip link set $each master cni0; done; ip link set cni0 up',
    );
    for (const [pod, address] of [
      [client, '10.9.0.5'],
      [other, '10.9.0.6'],
    ] as const)
      run(pod, `ip addr add ${address}/24 dev eth0`);
    run(client, 'ip addr add 203.0.113.5/32 dev eth0');
    give(node, 'veth1');
    await eventually(() => expect(isOpen(node, 'veth1')).toBe(true));
    await untilReady(agent);
    const arrived = countIncoming(other, 'eth0', { matches: ['ip saddr 203.0.113.5'] });
    const ping = () => tryRun(client, 'ping -c 2 -i 0.1 -W 1 -I 203.0.113.5 10.9.0.6');
    for (const isSeen of [0, 1]) {
      run(node.namespace, `sysctl -qw net.bridge.bridge-nf-call-iptables=${isSeen}`);
      expect(run(client, 'ping -c 1 -W 1 10.9.0.6')).toContain(' 1 received');
      ping();
      expect(arrived()).toBe(0);
    }
    await agent.stop('SIGKILL');
    for (const family of ['netdev', 'inet', 'bridge'])
      run(node.namespace, `nft delete table ${family} gwn_vpn_primary`);
    ping();
    expect(arrived()).toBeGreaterThan(0);
  });

  it('is held again when somebody has removed the rules', async () => {
    const node = createGuarded();
    attach(node, 'veth1');
    give(node, 'veth1');
    using agent = start(node);
    await eventually(() => expect(isOpen(node, 'veth1')).toBe(true));
    await untilReady(agent);
    for (const command of [`nft delete table ${TABLE}`, `nft flush chain ${TABLE} from_client`, 'nft flush ruleset']) {
      const before = await eventually(() => marked(node));
      run(node.namespace, command);
      await eventually(() => expect(tryRun(node.namespace, `nft -s list table ${TABLE}`)).toBe(before));
    }
  });

  it('goes free with the network, when the last pod is gone', async () => {
    const node = createGuarded({ LEAVE_TIMEOUT: '30' });
    const pod = attach(node, 'veth1');
    give(node, 'veth1');
    using agent = start(node);
    await eventually(() => expect(isOpen(node, 'veth1')).toBe(true));
    run(node.namespace, 'ip link del veth1');
    const stopped = agent.stop();
    await untilReady(agent, 'not ready: leaving: pods are attached');
    expect(held(node)).toEqual(['caliveth1']);
    expect(ask(node, 'down').output).toContain('pods are attached, everything stays in place');
    removeNamespace(pod);
    expect(await stopped).toBe(0);
    expect(run(node.namespace, 'nft list ruleset')).toBe('');
  });
});
