import { spawn } from 'node:child_process';
import { existsSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { run } from './namespace.ts';
import { createNode, overlay, peers } from './node.ts';
import { start, untilReady, writeHosts, type Program } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

const SERVICE = 'vpn-peers.egress.svc.cluster.local.';
const OWN = '172.18.0.11';
const REMEMBERED = 'the peers that the kernel remembers are kept';
const ALONE = 'ready; this node is alone: there is no agent of the network on another';

function createDiscoveringNode(environment: Record<string, string> = {}): Program {
  return createNode(
    { ...overlay({ flooding: { type: 'Discovered', service: SERVICE } }), peers: undefined },
    11,
    environment,
  );
}

/** Has the name resolve to some addresses and to the node's own. */
function resolve(node: Program, ...addresses: string[]): void {
  answer(node, OWN, ...addresses);
}

/** Has the name resolve to some addresses, or to none. */
function answer(node: Program, ...addresses: string[]): void {
  writeHosts(node, addresses.map((address) => `${address} ${SERVICE}\n`).join(''));
}

/** Notes each peer that comes (+) or goes (-) from now on. */
function monitorPeers({ namespace }: Program): Disposable & { changes: () => string[]; isUp: () => boolean } {
  const monitor = spawn('ip', ['netns', 'exec', namespace, 'bridge', 'monitor', 'fdb'], { stdio: 'pipe' });
  let text = '';
  monitor.stdout.on('data', (data: Buffer) => (text += data.toString()));
  const line = /^(Deleted )?00:00:00:00:00:00 dev gwvpn-vx dst (\S+)/gm;
  return {
    changes: () => [...text.matchAll(line)].map(([, gone, peer]) => `${gone === undefined ? '+' : '-'}${peer}`),
    isUp: () => readlinkSync(`/proc/${monitor.pid}/exe`).endsWith('bridge'),
    [Symbol.dispose]: () => monitor.kill('SIGKILL'),
  };
}

/** The sources that the rules let in. */
function letIn({ namespace }: Program): string {
  return /ip saddr (?:\{ )?([^}]*?)(?: \})? accept/.exec(run(namespace, 'nft list ruleset'))?.[1] ?? '';
}

/** Notes when 172.18.0.13 is let in, added to the kernel's entries, removed from them, and no longer let in. */
function recordChanges(node: Program): () => readonly string[] {
  const order: string[] = [];
  const moments: Record<string, () => boolean> = {
    in: () => letIn(node).includes('.13'),
    added: () => peers(node).includes('172.18.0.13'),
    removed: () => order.includes('added') && !peers(node).includes('172.18.0.13'),
    out: () => order.includes('in') && !letIn(node).includes('.13'),
  };
  const timer = setInterval(() => {
    for (const [name, happened] of Object.entries(moments)) if (!order.includes(name) && happened()) order.push(name);
    if (order.length === 4) clearInterval(timer);
  }, 10);
  return () => order;
}

describeInNamespaces('peers that are discovered', () => {
  it('are the addresses of the family that the name resolves to, except for the own one', async () => {
    const node = createDiscoveringNode();
    resolve(node, '172.18.0.12', 'fd00:18::13', '172.18.0.13');
    using agent = start(node);
    await untilReady(agent);
    expect(peers(node).toSorted()).toEqual(['172.18.0.12', '172.18.0.13']);
  });

  it('may be none beside the node itself', async () => {
    const node = createDiscoveringNode();
    resolve(node);
    using agent = start(node);
    await untilReady(agent, ALONE);
    expect(peers(node)).toEqual([]);
  });

  it('keep a node from being ready that has never learnt them', async () => {
    const node = createDiscoveringNode();
    using agent = start(node);
    await untilReady(agent, `not ready: the peers are not known: ${SERVICE} has not resolved to an IPv4 address yet`);
    resolve(node, '172.18.0.12');
    await untilReady(agent);
    expect(peers(node)).toEqual(['172.18.0.12']);
  });

  it.each([
    ['does not resolve any more', []],
    ['resolves to another family only', ['fd00:18::12']],
  ])('stay when the name %s, and the agent says so', async (_, addresses) => {
    const node = createDiscoveringNode({ PEER_GRACE: '0' });
    resolve(node, '172.18.0.12', '172.18.0.13');
    using agent = start(node);
    await untilReady(agent);
    answer(node, ...addresses);
    await untilReady(agent, `ready; ${SERVICE} does not resolve to an IPv4 address: the known peers are kept`);
    expect(peers(node).toSorted()).toEqual(['172.18.0.12', '172.18.0.13']);
    resolve(node, '172.18.0.12', '172.18.0.13');
    await untilReady(agent);
  });

  it('stay when the agent starts anew and the name does not resolve', async () => {
    const node = createDiscoveringNode();
    resolve(node, '172.18.0.12');
    using agent = start(node);
    await untilReady(agent);
    await agent.stop('SIGKILL');
    answer(node);
    const restarted = { ...node, environment: { ...node.environment, STATE_DIR: `${node.directory}/state/new` } };
    using next = start(restarted);
    await untilReady(next, `ready; ${SERVICE} has not resolved to an IPv4 address yet: ${REMEMBERED}`);
    expect(peers(node)).toEqual(['172.18.0.12']);
  });

  it('are remembered by the kernel: a first answer that is partial removes nothing before the grace is over', async () => {
    const node = createDiscoveringNode({ PEER_GRACE: '4' });
    resolve(node, '172.18.0.12', '172.18.0.13');
    using agent = start(node);
    await untilReady(agent);
    await agent.stop('SIGKILL');
    resolve(node, '172.18.0.13');
    const state = `${node.directory}/state/new`;
    using next = start({ ...node, environment: { ...node.environment, STATE_DIR: state } });
    await eventually(() => expect(existsSync(`${state}/believed`)).toBe(true));
    await sleep(2000);
    expect(peers(node).toSorted()).toEqual(['172.18.0.12', '172.18.0.13']);
    expect(next.log()).not.toContain('removed');
    await eventually(() => expect(peers(node)).toEqual(['172.18.0.13']));
  });

  it('stay through answers that are not believed, however long those last', async () => {
    const node = createDiscoveringNode({ PEER_GRACE: '3' });
    resolve(node, '172.18.0.12', '172.18.0.13');
    using agent = start(node);
    await untilReady(agent);
    answer(node, '172.18.0.66');
    const reason = `${SERVICE} resolves to 172.18.0.66, but not to this node's own address ${OWN}`;
    await untilReady(agent, `ready; ${reason}: the known peers are kept`);
    await sleep(5000);
    // Nobody has said for as long as the grace that the other is gone.
    resolve(node, '172.18.0.13');
    await untilReady(agent);
    expect(peers(node).toSorted()).toEqual(['172.18.0.12', '172.18.0.13']);
    expect(agent.log()).not.toContain('.66\n');
    await eventually(() => expect(peers(node)).toEqual(['172.18.0.13']));
  });

  it('are sent to only while the rules let them in', async () => {
    const node = createDiscoveringNode({ PEER_GRACE: '0' });
    resolve(node, '172.18.0.12');
    using agent = start(node);
    await untilReady(agent);
    const record = recordChanges(node);
    resolve(node, '172.18.0.12', '172.18.0.13');
    await eventually(() => expect(peers(node)).toHaveLength(2));
    resolve(node, '172.18.0.12');
    await eventually(() => expect(letIn(node)).toBe('172.18.0.12'));
    await eventually(() => expect(record()).toEqual(['in', 'added', 'removed', 'out']));
  });

  it('go a while after the name has stopped to resolve to them', async () => {
    const node = createDiscoveringNode({ PEER_GRACE: '4' });
    resolve(node, '172.18.0.12', '172.18.0.13');
    using agent = start(node);
    await untilReady(agent);
    resolve(node, '172.18.0.13', '172.18.0.14');
    await eventually(() => expect(peers(node).toSorted()).toEqual(['172.18.0.12', '172.18.0.13', '172.18.0.14']));
    await eventually(() => expect(peers(node).toSorted()).toEqual(['172.18.0.13', '172.18.0.14']));
    expect(agent.log()).toContain('gwvpn-vx: peers removed: 172.18.0.12\n');
  });

  it('may be five hundred, of which some go and some come, and the others stay untouched', async () => {
    const node = createDiscoveringNode({ PEER_GRACE: '0' });
    const many = Array.from({ length: 600 }, (_, index) => `10.18.${Math.floor(index / 250)}.${(index % 250) + 1}`);
    const [before, after] = [many.slice(0, 500), many.slice(100)];
    resolve(node, ...before);
    using agent = start(node);
    await untilReady(agent);
    expect(peers(node).toSorted()).toEqual(before.toSorted());
    using monitor = monitorPeers(node);
    await eventually(() => expect(monitor.isUp()).toBe(true));
    resolve(node, ...after);
    await eventually(() => expect(peers(node).toSorted()).toEqual(after.toSorted()));
    await eventually(() =>
      expect(monitor.changes().toSorted()).toEqual(
        [...many.slice(500).map((peer) => `+${peer}`), ...many.slice(0, 100).map((peer) => `-${peer}`)].toSorted(),
      ),
    );
    answer(node);
    await untilReady(agent, /the known peers are kept$/);
    expect(peers(node)).toHaveLength(500);
    expect(monitor.changes()).toHaveLength(200);
  });
});
