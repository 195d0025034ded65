import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { run, tryRun } from './namespace.ts';
import { attachPod, createNode, createSuccessor, link, overlay, peers, type Values } from './node.ts';
import { ask, type Program, readiness, start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

const FORMER = {
  bridge: 'gwold',
  ...overlay({ device: 'gwold-vx' }),
  peers: ['172.18.0.12', '172.18.0.13'],
};
const CURRENT = { peers: ['172.18.0.12', '172.18.0.13'] };

/** What is left of the former names. */
function former({ namespace }: Program): string {
  return run(namespace, 'ip -o link show | grep gwold || true');
}

/** The ports of the bridge, each with its group and whether it is isolated. */
function ports({ namespace }: Program): string[] {
  const lines = run(namespace, 'ip -d -o link show master gwvpn type veth').split('\n').filter(Boolean);
  return lines.map((line) => `${/ group (\S+)/.exec(line)?.[1]} isolated ${/ isolated (\S+)/.exec(line)?.[1]}`);
}

/** A node whose agent has the former names, with two pods, one of them isolated, which reach each other. */
async function prepare() {
  const node = createNode(FORMER);
  const old = start(node);
  await untilReady(old);
  const one = attachPod(node, '192.168.50.20/24', 'gwold');
  const other = attachPod(node, '192.168.50.21/24', 'gwold');
  const port = `veth${one.split('-')[2]}`;
  run(node.namespace, `ip link set ${port} type bridge_slave isolated on`);
  await eventually(() => expect(run(node.namespace, 'ip -o link show group 10000007 type veth')).toContain(port));
  return { node, old, one, other };
}

/** Pings twenty times a second until it is asked how many were lost. */
function pinging(from: string, address: string): () => number {
  run(from, `ping -n -i 0.05 ${address} >/tmp/${from}.ping 2>&1 & echo $! >/tmp/${from}.pid`);
  return () => {
    const text = run(from, `kill -INT $(cat /tmp/${from}.pid); sleep 0.3; cat /tmp/${from}.ping; rm /tmp/${from}.p*`);
    const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(text) ?? [];
    return Number(sent) - Number(received);
  };
}

describeInNamespaces('an agent with new names for bridge and VXLAN', () => {
  it.each(['is still there', 'has died', 'was told to go'])(
    'takes over what the old one has, with its pods, when that %s',
    async (what) => {
      const { node, old, one, other } = await prepare();
      using _ = old;
      if (what === 'has died') await old.stop('SIGKILL');
      if (what === 'was told to go') void old.stop();
      const lost = pinging(other, '192.168.50.20');
      using next = start(createSuccessor(node, 'agent-b', CURRENT));
      await untilReady(next);
      await eventually(() => expect(former(node)).toBe(''));
      // Half a second, on a machine with other work.
      expect(lost()).toBeLessThanOrEqual(10);
      expect(ports(node).toSorted()).toEqual(['10000007 isolated off', '10000007 isolated on']);
      expect(link(node, 'gwvpn-vx')).toContain(' master gwvpn ');
      expect(peers(node).toSorted()).toEqual(['172.18.0.12', '172.18.0.13']);
      expect(next.log()).not.toContain('VXLAN created');
      if (what === 'is still there') {
        await untilReady(old, 'not ready: superseded: the agent agent-b keeps this node now');
        expect(await old.stop()).toBe(0);
      }
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(former(node)).toBe('');
      expect(readiness(next)).toBe('ready');
      expect(tryRun(one, 'ping -n -c 1 -W 1 192.168.50.21')).toBeDefined();
    },
  );

  it('takes the bridge that a CNI plugin has made for a new pod, and moves the others to it', async () => {
    const { node, old, other } = await prepare();
    using _ = old;
    run(node.namespace, 'ip link add gwvpn type bridge && ip link set gwvpn up');
    const young = attachPod(node, '192.168.50.22/24');
    expect(tryRun(young, 'ping -n -c 1 -W 1 192.168.50.21')).toBeUndefined();
    using next = start(createSuccessor(node, 'agent-b', CURRENT));
    await untilReady(next);
    await eventually(() => expect(former(node)).toBe(''));
    expect(ports(node)).toHaveLength(3);
    expect(tryRun(young, 'ping -n -c 1 -W 1 192.168.50.21')).toBeDefined();
    expect(tryRun(other, 'ping -n -c 1 -W 1 192.168.50.22')).toBeDefined();
  });

  it.each<readonly [string, Values]>([
    ['the bridge alone', { bridge: 'gwold' }],
    ['the VXLAN alone', overlay({ device: 'gwold-vx' })],
    ['both, one by the name of the other', { bridge: 'gwvpn-vx', ...overlay({ device: 'gwvpn' }) }],
  ])('leaves nothing of the old names where it was %s', async (_, names) => {
    const values: Values = { ...CURRENT, ...names };
    const { bridge = 'gwvpn' } = values;
    const node = createNode(values);
    using old = start(node);
    await untilReady(old);
    const pod = attachPod(node, '192.168.50.20/24', bridge);
    const other = attachPod(node, '192.168.50.21/24', bridge);
    using next = start(createSuccessor(node, 'agent-b', CURRENT));
    await untilReady(next);
    await eventually(() => expect(former(node)).toBe(''));
    expect(link(node, 'gwvpn')).toContain(' bridge ');
    expect(link(node, 'gwvpn-vx')).toMatch(/ vxlan id 1000 .* master gwvpn |master gwvpn .* vxlan id 1000/);
    expect(peers(node).toSorted()).toEqual(['172.18.0.12', '172.18.0.13']);
    expect(tryRun(pod, 'ping -n -c 1 -W 1 192.168.50.21')).toBeDefined();
    run(other, 'true');
  });

  it('removes the old ones where there are no pods, and when it is told to remove all', async () => {
    for (const verb of ['run', 'down']) {
      const node = createNode(FORMER);
      using old = start(node);
      await untilReady(old);
      await old.stop('SIGKILL');
      using next = verb === 'run' ? start(createSuccessor(node, 'agent-b', CURRENT)) : undefined;
      if (next) await untilReady(next);
      else expect(ask(createSuccessor(node, 'agent-b', CURRENT), 'down').status).toBe(0);
      await eventually(() => expect(former(node)).toBe(''));
    }
  });
});
