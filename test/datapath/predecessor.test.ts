import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { createNamespace } from '../agent/namespace.ts';
import { createCluster } from './bed/cluster.ts';
import { PROGRAMS } from './bed/image.ts';
import { type Installation, untilReady } from './bed/installation.ts';
import type { Pod } from './bed/pod.ts';
import { describeDatapath } from './bed/requirements.ts';
import { createVlan, VLAN } from './bed/vlan.ts';
import { masters, prepareRouters } from './failover.ts';
import { startContainer } from './image/container.ts';
import { describeContainers } from './image/requirements.ts';

/** How soon a program must be back that was started, in milliseconds. */
const BACK = 10_000;

/** A process that lives in every container. */
const LIVING = '1\n';

/**
 * The kinds of things that lie where a program is about to write: a fifo that nobody reads or
 * writes, what is half written, a folder.
 */
type Remains = Readonly<Record<string, 'fifo' | 'folder' | { readonly text: string }>>;

/** The status of a program that has found everything as wanted a moment ago. */
function fresh(state = 'ready'): { readonly text: string } {
  return { text: `${uptime()} ${state}\n` };
}

function uptime(): number {
  return Math.floor(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]));
}

function stateOf({ volumes }: Pod, volume = 'state'): string {
  const path = volumes.get(volume);
  if (path === undefined) throw new Error(`there is no volume ${volume}`);
  return path;
}

function leave(folder: string, remains: Remains): void {
  for (const [name, what] of Object.entries(remains)) {
    const path = `${folder}/${name}`;
    rmSync(path, { recursive: true, force: true });
    if (what === 'fifo') execFileSync('mkfifo', [path]);
    else if (what === 'folder') mkdirSync(path);
    else writeFileSync(path, what.text);
  }
}

/** What each program may find when it starts. Of the keepalived of before, and of all others. */
const REMAINS: Readonly<Record<string, readonly (() => Remains)[]>> = {
  router: [
    () => ({
      status: fresh(),
      outside: { text: 'reached\n' },
      answered: { text: '192.0.2.1\n' },
      track: { text: '0\n' },
    }),
    () => ({ 'status.new': 'fifo', 'outside.new': 'fifo', answered: 'fifo', outside: 'fifo', 'track.new': 'fifo' }),
    () => ({ status: 'folder', 'status.new': 'folder', outside: 'folder', answered: 'folder' }),
    () => ({ status: { text: '12' }, outside: { text: 'reac' }, 'status.new': { text: '' }, track: { text: '' } }),
  ],
  keepalived: [
    () => ({
      'keepalived.pid': { text: LIVING },
      'vrrp.pid': { text: LIVING },
      'checkers.pid': { text: LIVING },
      'bfd.pid': { text: LIVING },
    }),
    () => ({ 'vrrp.pid': { text: LIVING }, 'vrrp.status': fresh(), track: { text: '' } }),
    () => ({ 'keepalived.pid': 'fifo', 'vrrp.status.new': 'fifo', track: 'fifo', notices: { text: 'INSTANCE' } }),
    () => ({ states: { text: 'INSTANCE "gateway" MASTER 250\n' }, 'vrrp.status': 'folder', 'vrrp.pid': 'folder' }),
  ],
  connections: [
    () => ({ 'conntrackd.lock': { text: LIVING }, 'conntrackd.ctl': { text: '' }, 'connections.status': fresh() }),
    () => ({ 'conntrackd.lock': 'fifo', 'conntrackd.ctl': 'fifo', 'connections.status.new': 'fifo' }),
    () => ({ 'conntrackd.ctl': 'folder', 'connections.status': 'folder' }),
  ],
  resolver: [
    () => ({ 'resolver.status': fresh(), 'resolver.status.new': 'fifo', 'cluster-servers.new': 'fifo' }),
    () => ({ 'resolver.status': 'folder', 'cluster-servers': { text: '' } }),
  ],
  'node-agent': [
    () => ({ status: fresh(), wake: { text: '' }, woken: 'fifo', suspect: 'fifo', underlay: 'fifo' }),
    () => ({
      'overlay.loaded': { text: 'x' },
      'rules.loaded': { text: 'x' },
      believed: { text: '' },
      unresolved: { text: 'x' },
    }),
    () => ({ 'status.new': 'fifo', 'peers.new': 'fifo', peers: 'fifo', 'rules.nft': 'fifo', questions: 'fifo' }),
    () => ({ 'questions.new': 'fifo', 'overlay.nft': 'fifo', looked: 'fifo', 'links.events': { text: '' } }),
    () => ({ wake: 'folder', 'rules.events': 'folder', status: 'folder', 'peers.events': { text: 'x' } }),
  ],
};

/**
 * Kills a program of a pod, starts it again amid some remains, and says what keeps it from being
 * ready in time, if anything does.
 */
async function keptFrom(pod: Pod, container: string, remains: Remains): Promise<readonly string[]> {
  await pod.kill('SIGKILL', container);
  leave(stateOf(pod), remains);
  const end = Date.now() + BACK;
  pod.restart(container);
  for (;;) {
    const { status, output } = pod.probe(container);
    if (status === 0) return [];
    if (Date.now() < end) {
      await setTimeout(100);
      continue;
    }
    await pod.kill('SIGKILL', container);
    for (const name of Object.keys(remains)) rmSync(`${stateOf(pod)}/${name}`, { recursive: true, force: true });
    pod.restart(container);
    return [`${container}, amid ${Object.keys(remains).join(' ')}: ${output}`];
  }
}

async function prepare(cluster: ReturnType<typeof createCluster>): Promise<Installation> {
  createVlan(cluster);
  return prepareRouters(cluster, 'ha-vlan-conntrack', {
    clients: [{ selector: { matchLabels: { egress: 'vlan' } }, dns: 'Gateway' }],
    'gateway.dns': { upstreams: [VLAN.server.IPv4] },
  });
}

describeDatapath('whatever a predecessor has left,', () => {
  it('each program of routers and agents is back, one by one and all at once', async () => {
    using cluster = createCluster();
    const scene = await prepare(cluster);
    const [agent] = scene.agents as [Pod];
    const [first] = scene.routers as [Pod];
    const kept: string[] = [];
    for (const [container, kinds] of Object.entries(REMAINS)) {
      const pod = container === 'node-agent' ? agent : first;
      for (const kind of kinds) kept.push(...(await keptFrom(pod, container, kind())));
    }
    expect(kept).toEqual([]);
    await first.crash();
    const all = Object.entries(REMAINS).filter(([container]) => container !== 'node-agent');
    for (const [, [kind]] of all) leave(stateOf(first), kind?.() ?? {});
    const started = Date.now();
    first.restart();
    await untilReady(scene.routers);
    expect(Date.now() - started).toBeLessThan(BACK);
    expect(masters(scene.routers)).toHaveLength(1);
  }, 120_000);
});

describeDatapath('what a predecessor has left is not believed:', () => {
  it('no router is master by the word of a program that has ended', async () => {
    using cluster = createCluster();
    const { routers } = await prepareRouters(cluster, 'ha-vrrp');
    for (const router of routers) {
      for (const container of ['keepalived', 'router']) await router.kill('SIGKILL', container);
      leave(stateOf(router), { track: { text: '0\n' }, status: fresh() });
    }
    for (const router of routers) router.restart('keepalived');
    await eventually(() => {
      for (const router of routers) expect(router.log('keepalived')).toContain('entering FAULT state');
    });
    await setTimeout(3000);
    expect(masters(routers)).toEqual([]);
    for (const router of routers) router.restart('router');
    await untilReady(routers);
    await eventually(() => expect(masters(routers)).toHaveLength(1));
  });

  it('a master whose program has ended and does not come back gives the addresses away', async () => {
    using cluster = createCluster();
    const { routers } = await prepareRouters(cluster, 'ha-vrrp');
    const [first, second] = routers as [Pod, Pod];
    await first.kill('SIGKILL', 'router');
    await setTimeout(5000);
    expect(masters(routers)).toEqual([first]);
    await setTimeout(25_000);
    await eventually(() => expect(masters(routers)).toEqual([second]));
    expect(first.probe('keepalived').output).toContain('not ready: ');
    first.restart('router');
    await untilReady(routers);
    expect(masters(routers)).toEqual([second]);
  }, 120_000);
});

const STATUSES = {
  'node-agent': 'status',
  router: 'status',
  vrrp: 'vrrp.status',
  connections: 'connections.status',
  resolver: 'resolver.status',
  wireguard: 'wireguard.status',
};

describeContainers('the probes of a container that has just been started', (rootfs) => {
  it.each(Object.entries(STATUSES))('of %s do not believe what the one before it has found', (program, file) => {
    const state = mkdtempSync(`${tmpdir()}/gwd-state-`);
    onTestFinished(() => rmSync(state, { recursive: true }));
    leave(state, { [file]: fresh() });
    const container = startContainer({
      name: 'pod',
      rootfs,
      networkNamespace: createNamespace(),
      args: ['sleep', 'infinity'],
      mounts: [PROGRAMS, { source: state, destination: '/run/gateway-network' }],
    });
    onTestFinished(container.remove);
    for (const verb of ['ready', 'alive']) {
      const answer = container.exec(['gateway-network', program, verb]);
      expect(answer).toEqual({ status: 1, output: 'not ready: no check has been made yet' });
    }
  });
});
