import { expect, test } from 'vitest';
import type { Observation } from '../../fn/cluster/observation.ts';
import { archiveFiles } from '../../fn/gather/archive-files.ts';
import { allTold } from '../../fn/status/told.ts';
import { healthy, NETWORK, NOW } from '../status/healthy.ts';

const SECRET = 'PLANTED';

/** The files of an archive that have to do with reports, of programs that answer so. */
function reportsOf(observation: Observation, ...answers: Parameters<typeof allTold>[0]) {
  const files = archiveFiles([NETWORK], observation, { logs: [] }, NOW, allTold(answers));
  const told = [...files].filter(([path]) => path.startsWith('egress.vpn/reports/'));
  return {
    reports: Object.fromEntries(told.map(([path, text]) => [path, JSON.parse(text) as unknown])),
    all: [...files.values()].join(''),
    status: files.get('egress.vpn/status.txt') ?? '',
  };
}

function answer(pod: string, report: object) {
  return { namespace: 'egress', pod, executed: { status: 0, stdout: JSON.stringify(report), stderr: '' } };
}

test('what agents and routers tell is in a file for each pod, and in the status', () => {
  const agent = { state: 'ready', configuration: '84a777557a135c3d', drops: { 'spoofed-source': 12 }, peers: 1 };
  const router = { state: 'ready', drops: {}, egress: { interface: 'eth0', addresses: ['10.244.2.9'] } };
  const { reports, status } = reportsOf(
    healthy(),
    answer('vpn-node-agent-node1', agent),
    answer('vpn-router-0-node1', router),
    { namespace: 'egress', pod: 'vpn-node-agent-node2', unasked: 'no answer within 5 s' },
  );
  expect(reports).toEqual({
    'egress.vpn/reports/vpn-node-agent-node1.json': { report: agent },
    'egress.vpn/reports/vpn-node-agent-node2.json': { unasked: 'no answer within 5 s' },
    'egress.vpn/reports/vpn-router-0-node1.json': { report: router },
  });
  expect(status).toContain('    12 spoofed-source  node1\n');
  expect(status).toContain('by eth0 as 10.244.2.9');
  expect(status).toContain('  unknown   node2 could not be asked: no answer within 5 s\n');
});

test('there is no such file where nobody was asked', () => {
  expect(reportsOf(healthy()).reports).toEqual({});
});

test.each([
  { state: `ready; '${SECRET}' is used`, drops: {} },
  { state: SECRET, drops: {} },
  { state: `not ready: a\n${SECRET}`, drops: {} },
  { state: 'ready', configuration: SECRET, drops: { [SECRET]: 1 } },
  { state: 'ready', drops: {}, egress: { interface: `${SECRET} `, addresses: [] } },
  { state: 'ready', drops: {}, egress: { interface: 'eth0', addresses: [SECRET, `10.0.0.1 ${SECRET}`] } },
  { state: 'ready', drops: {}, [SECRET]: SECRET },
])('nothing that is planted in the report %j is in the archive', (report) => {
  const { all, reports } = reportsOf(
    healthy(),
    answer('vpn-node-agent-node1', report),
    answer('vpn-router-0-node1', report),
  );
  expect(all).not.toContain(SECRET);
  expect(Object.keys(reports)).toHaveLength(2);
});

test.each(['vpn-wireguard', 'vpn-gluetun'])('of %s, the address of the tunnel is not in the archive', (example) => {
  const report = { state: 'ready', drops: {}, egress: { interface: 'wg0', addresses: ['10.64.1.2'] }, handshakeAge: 3 };
  const { all, reports } = reportsOf(healthy(example), answer('vpn-router-0-node1', report));
  expect(all).not.toContain('10.64.1.2');
  expect(reports).toEqual({
    'egress.vpn/reports/vpn-router-0-node1.json': { report: { state: 'ready', drops: {}, handshakeAge: 3 } },
  });
});

test.each([
  [{ unasked: `the cluster at https://${SECRET} is not reached` }],
  [{ executed: { status: 1, stdout: SECRET, stderr: SECRET } }],
])('why a program was not asked is left out in words of others: %j', (told) => {
  const { all, reports } = reportsOf(healthy(), { namespace: 'egress', pod: 'vpn-router-0-node1', ...told });
  expect(all).not.toContain(SECRET);
  expect(Object.values(reports)).toEqual([{ unasked: 'not in the archive' }]);
});

test('a report is not longer than our programs make one', () => {
  const drops = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [reasonOf(index), 1]));
  const egress = { interface: 'eth0', addresses: Array.from({ length: 5000 }, () => '10.0.0.1') };
  const report = { state: `ready; ${'a'.repeat(1_000_000)}`, drops, egress };
  const { reports } = reportsOf(healthy(), answer('vpn-router-0-node1', report));
  expect(JSON.stringify(reports).length).toBeLessThan(8000);
});

/** A different name of letters for each number. */
function reasonOf(number: number): string {
  return [...String(number)].map((digit) => String.fromCodePoint(97 + Number(digit))).join('');
}
