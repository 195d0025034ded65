import type { V1Pod } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import type { Observation } from '../../fn/cluster/observation.ts';
import type { ProgramReport } from '../../fn/node/config/report.ts';
import { plain } from '../../fn/status/paint.ts';
import { statusOf } from '../../fn/status/status.ts';
import { formatStatus } from '../../fn/status/text.ts';
import { allTold, programsOf } from '../../fn/status/told.ts';
import { healthy, NETWORK, NOW } from './healthy.ts';

/** With all containers of agents and routers running. */
function running(name?: string): Observation {
  const observation = healthy(name);
  const pods = observation.pods.map((pod): V1Pod => {
    const containers = pod.spec?.containers ?? [];
    const containerStatuses = containers.map((one) => ({
      name: one.name,
      image: one.image ?? '',
      imageID: '',
      ready: true,
      restartCount: 0,
      state: { running: {} },
    }));
    return { ...pod, status: { ...pod.status, containerStatuses } };
  });
  return { ...observation, pods };
}

const answer = (pod: string, report: ProgramReport) => ({
  namespace: 'egress',
  pod,
  executed: { status: 0, stdout: `${JSON.stringify(report)}\n`, stderr: '' },
});
const failed = (pod: string, status: number, stdout: string) => ({
  namespace: 'egress',
  pod,
  executed: { status, stdout, stderr: '' },
});
const AGENTS = ['vpn-node-agent-node1', 'vpn-node-agent-node2'] as const;
const ROUTER = 'vpn-router-0-node1';

const seen = (observation: Observation, answers: Parameters<typeof allTold>[0]) =>
  statusOf(NETWORK, observation, NOW, allTold(answers));
const textOf = (...args: Parameters<typeof seen>) => formatStatus(seen(...args), plain, NOW);

test('agents and routers whose containers run are asked, each by its own program', () => {
  const observation = running();
  const [first, second, router] = observation.pods as [V1Pod, V1Pod, V1Pod];
  expect(programsOf(NETWORK, observation)).toEqual([
    ...AGENTS.map((pod) => ({
      namespace: 'egress',
      pod,
      container: 'node-agent',
      command: ['gateway-network', 'node-agent', 'report'],
    })),
    { namespace: 'egress', pod: ROUTER, container: 'router', command: ['gateway-network', 'router', 'report'] },
  ]);
  const waiting = { ...first, status: { ...first.status, containerStatuses: [] } };
  const leaving = { ...second, metadata: { ...second.metadata, deletionTimestamp: new Date(NOW) } };
  const pods = [waiting, leaving, { ...router, status: { ...router.status, phase: 'Failed' } }];
  expect(programsOf(NETWORK, { ...observation, pods })).toEqual([]);
});

describe('what programs tell is printed:', () => {
  test('what was dropped, where, and the most first', () => {
    const text = textOf(running(), [
      answer(AGENTS[0], { state: 'ready', drops: { 'spoofed-source': 2, 'to-node': 30 }, peers: 1 }),
      answer(AGENTS[1], { state: 'ready', drops: { 'spoofed-source': 5 }, peers: 1 }),
      answer(ROUTER, { state: 'ready', drops: { 'to-router': 4 } }),
    ]);
    expect(text).toMatch(/^egress\/vpn: all is well\n/);
    expect(text).toContain(`  dropped   41 packets
    30 to-node  node1
     7 spoofed-source  node1, node2
     4 to-router  vpn-router-0
`);
    expect(text).not.toContain('unknown');
  });

  test('that nothing was', () => {
    expect(textOf(running(), [answer(ROUTER, { state: 'ready', drops: {} })])).toContain('  dropped   0 packets\n');
  });

  test('no more reasons than fit a screen', () => {
    const drops = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`spec.deny[${index}]`, index + 1]));
    const lines = textOf(running(), [answer(ROUTER, { state: 'ready', drops })]).split('\n');
    expect(lines.slice(-3)).toEqual(['     5 spec.deny[4]  vpn-router-0', '      4 more reasons: -o json has all', '']);
  });

  test('the way that clients leave by, the handshake, and what is worth knowing', () => {
    const report: ProgramReport = {
      state: 'ready; no IPv6 default route',
      drops: {},
      egress: { interface: 'wg0', addresses: ['10.64.0.2', 'fd64::2'] },
      handshakeAge: 95,
    };
    expect(textOf(running(), [answer(ROUTER, report)])).toContain(
      '    + vpn-router-0  node1  active for 60 min, ready, by wg0 as 10.64.0.2 and fd64::2, handshake 95 s ago; no IPv6 default route\n',
    );
  });

  test('which configuration a program still runs', () => {
    const text = textOf(running(), [answer(AGENTS[1], { state: 'ready', configuration: 'old', drops: {} })]);
    expect(text).toContain('    + node2  ready, still with the configuration old\n');
  });

  test('which router is active where the log no longer says it', () => {
    const observation = { ...running('ha-vrrp'), logs: [] };
    const [first, second] = observation.pods.slice(2).map(({ metadata }) => metadata?.name ?? '') as [string, string];
    const answers = [
      answer(first, { state: 'ready', drops: {} }),
      answer(second, { state: "ready; this router has the gateway's addresses", drops: {} }),
    ];
    expect(seen(observation, answers).routers.map(({ active }) => active)).toEqual([false, true]);
    expect(textOf(observation, answers)).toContain('    + vpn-router-1  node2  active, ready\n');
  });
});

describe('since when a router is active:', () => {
  test('where it is alone, since it is ready', () => {
    expect(seen(running(), []).routers[0]?.activeSince).toBe('2026-01-01T00:00:00.000Z');
  });

  test.each([
    ['since its keepalived says so', ['ready', 'ready; ACTIVE', 'other words', 'ready; ACTIVE; standby b'], '1'],
    ['for the last time', ['ready; ACTIVE', 'ready', 'ready; ACTIVE', 'not ready: x', 'ready; ACTIVE'], '4'],
    ['not known where its beginning is not in the log', ['ready; ACTIVE', 'ready; ACTIVE; standby b'], undefined],
    ['not at all', ['ready; ACTIVE', 'ready'], undefined],
  ])('of several, %s', (_, words, expected) => {
    const observation = running('ha-vrrp');
    const [log] = observation.logs;
    const lines = words.map((line, at) => `${at} ${line.replace('ACTIVE', "this router has the gateway's addresses")}`);
    const logs = [{ ...log!, text: `${lines.join('\n')}\n` }];
    expect(seen({ ...observation, logs }, []).routers[0]?.activeSince).toBe(expected);
  });
});

describe('who could not be asked is told, and nothing is wrong:', () => {
  test('a line for each reason', () => {
    const text = textOf(running(), [
      ...AGENTS.map((pod) => ({ namespace: 'egress', pod, unasked: 'forbidden: get' })),
      { namespace: 'egress', pod: ROUTER, unasked: 'no end within 5 s' },
    ]);
    expect(text).toMatch(/^egress\/vpn: all is well\n/);
    expect(text).toContain(`  unknown   node1, node2 could not be asked: forbidden: get
  unknown   vpn-router-0 could not be asked: no end within 5 s
`);
    expect(text).not.toContain('dropped');
  });

  test.each([
    ['its image is of a release that cannot be asked', 2, 'report: must be run, down, ready or alive\n'],
    ['the program has ended with 1: failed: nft\n', 1, 'failed:\nnft\n'],
    ['the program has ended with 0: {"drops":{}}\n', 0, '{"drops":{}}\n'],
  ])('%s', (reason, status, stdout) => {
    expect(textOf(running(), [failed(ROUTER, status, stdout)])).toContain(`vpn-router-0 could not be asked: ${reason}`);
  });
});

test('of an answer, what is not known is left out', () => {
  const report = { state: 'ready', drops: { a: 1, b: 'x' }, egress: { interface: 'net2', addresses: [1] }, more: 1 };
  const { routers } = seen(running(), [failed(ROUTER, 0, JSON.stringify(report))]);
  expect(routers[0]?.pods[0]?.report).toEqual({
    state: 'ready',
    drops: { a: 1 },
    egress: { interface: 'net2', addresses: [] },
  });
});

describe('an agent that sends to fewer nodes than there are', () => {
  const answers = [
    answer(AGENTS[0], { state: 'ready', drops: {}, peers: 1 }),
    answer(AGENTS[1], { state: 'ready', drops: {}, peers: 0 }),
  ];

  test('is wrong', () => {
    const { ok, problems } = seen(running(), answers);
    expect({ ok, problems }).toEqual({
      ok: false,
      problems: [
        'the agent on node2 sends to 0 other nodes, and 1 have an agent: see its log, and spec.overlay.flooding',
      ],
    });
  });

  test('has time to learn of a new one', () => {
    const observation = running();
    const [first, ...others] = observation.pods as [V1Pod, ...V1Pod[]];
    const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: new Date(NOW - 60_000) }];
    const young = { ...first, status: { ...first.status, conditions } };
    expect(seen({ ...observation, pods: [young, ...others] }, answers)).toMatchObject({ ok: true, problems: [] });
  });
});
