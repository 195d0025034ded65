import { describe, expect, test } from 'vitest';
import { judgeCharge, keptOtherwise } from '../../../fn/node/node-agent/charge.ts';
import type { Link } from '../../../fn/node/node-agent/link.ts';
import { ADDRESS, bridge, lines, LOCAL_ADDRESS, NAMES, vxlan } from './bridges.ts';
import { port } from './given.ts';

const RELEASED = { alias: NAMES.released };
const OTHERS = { alias: `${NAMES.released} agent-b` };
const FOREIGN = { alias: 'gateway-network egress/other agent-b' };
const UNMARKED = { alias: '' };

/** What becomes of an agent, as text. */
function judged(links: readonly Link[], claimed: boolean, ports: readonly Link[] = []): string {
  const charge = judgeCharge(links, NAMES, claimed, () => ports);
  if (charge.type === 'Superseded') return `superseded by ${charge.by}`;
  return charge.type === 'Refused' ? charge.fault : ['own', ...lines(charge.changes)].join('\n');
}

const TAKEN = `own
gwvpn: taken over from agent-b: ip link set dev gwvpn alias gateway-network egress/vpn agent-a`;

describe('who is in charge of a node', () => {
  test.each<readonly [string, readonly Link[], { before: string; after: string }]>([
    ['is who comes first', [], { before: 'own', after: 'own' }],
    ['is who has marked the bridge', [bridge()], { before: 'own', after: 'own' }],
    ['is who finds it released', [bridge('gwvpn', RELEASED)], { before: 'own', after: 'own' }],
    ['is who starts', [bridge('gwvpn', OTHERS)], { before: TAKEN, after: 'superseded by agent-b' }],
    [
      'is who keeps a bridge of another name',
      [bridge('gwnew', OTHERS)],
      { before: 'own', after: 'superseded by agent-b' },
    ],
    ['is not who has released that', [bridge('gwnew', RELEASED)], { before: 'own', after: 'own' }],
    ['is not who keeps a VXLAN alone', [vxlan('gwnew', OTHERS)], { before: 'own', after: 'own' }],
    ['is not who keeps the entry', [bridge('gwvpn-in', OTHERS)], { before: 'own', after: 'own' }],
    ['is not another network', [bridge('gwnew', FOREIGN)], { before: 'own', after: 'own' }],
    [
      'may have to delete a VXLAN of the name',
      [vxlan('gwvpn', OTHERS), bridge('gwold', RELEASED)],
      {
        before: `own
gwvpn: marked: ip link set dev gwvpn alias gateway-network egress/vpn agent-a
gwold: marked: ip link set dev gwold alias gateway-network egress/vpn agent-a
gwvpn: deleted, it was this network's VXLAN: ip link del dev gwvpn`,
        after: 'superseded by agent-b',
      },
    ],
  ])('%s', (_, links, { before, after }) => {
    expect([judged(links, false), judged(links, true)]).toEqual([before, after]);
  });

  const VETH = port('veth1', { kind: 'veth' });

  test.each<readonly [string, Link, readonly Link[]]>([
    ['gwvpn exists and is no bridge: left alone', bridge('gwvpn', { kind: 'veth' }), []],
    ['gwvpn exists and is no bridge: left alone', vxlan('gwvpn', UNMARKED), []],
    [
      "gwvpn is not ours, its alias is 'gateway-network egress/other agent-b': left alone",
      bridge('gwvpn', FOREIGN),
      [],
    ],
    [
      'gwvpn is not ours, it has an address: left alone',
      bridge('gwvpn', { ...UNMARKED, addresses: [LOCAL_ADDRESS, ADDRESS] }),
      [],
    ],
    [
      "gwvpn is not ours, it has a port that is no pod's: left alone",
      bridge('gwvpn', UNMARKED),
      [VETH, port('eth1', { kind: undefined })],
    ],
  ])('is nobody: %s', (fault, link, ports) => {
    expect([judged([link], false, ports), judged([link], true, ports)]).toEqual([fault, fault]);
  });

  test('may be who finds a bridge that is of use for nobody else', () => {
    const free = bridge('gwvpn', { ...UNMARKED, addresses: [LOCAL_ADDRESS] });
    expect(judged([free], false, [VETH, vxlan()])).toBe('own');
  });

  test('is told by bridges of other names alone', () => {
    expect(keptOtherwise([bridge('gwvpn', OTHERS)], NAMES)).toBeUndefined();
    expect(keptOtherwise([bridge('gwnew', OTHERS)], NAMES)).toEqual({ type: 'Superseded', by: 'agent-b' });
  });
});
