import { describe, expect, test } from 'vitest';
import type { Overlay } from '../../../fn/node/config/agent-config.ts';
import type { Link } from '../../../fn/node/node-agent/link.ts';
import {
  createVxlan,
  deleteVxlan,
  diffVxlan,
  replaceVxlan,
  settleVxlan,
  takenFault,
  vxlanFault,
} from '../../../fn/node/node-agent/vxlan.ts';
import { ADDRESS, lines, LOCAL_ADDRESS, NAMES, vxlan } from './bridges.ts';

const OVERLAY: Overlay = { device: 'gwvpn-vx', vni: 1000, port: 4799, family: 'IPv4', flooding: { type: 'Listed' } };
const UNDERLAY = { device: 'eth0', source: '172.18.0.11' };
const WANTED = { overlay: OVERLAY, underlay: UNDERLAY, mtu: 1450, ttl: undefined, portGroup: '10000007' };
const GROUP = {
  ...WANTED,
  overlay: { ...OVERLAY, flooding: { type: 'Multicast', group: '239.1.1.1' } },
  ttl: 4,
} as const;
const details = (given: object) => ({ ...vxlan().details, ...given });

test('a VXLAN is made with all that it needs', () => {
  expect(lines([createVxlan(WANTED), createVxlan(GROUP)])).toEqual([
    'gwvpn-vx: VXLAN created: ip link add dev gwvpn-vx mtu 1450 type vxlan id 1000 dstport 4799 local 172.18.0.11 dev eth0 ttl 0 maxaddress 16384 learning',
    'gwvpn-vx: VXLAN created: ip link add dev gwvpn-vx mtu 1450 type vxlan id 1000 dstport 4799 local 172.18.0.11 dev eth0 ttl 4 maxaddress 16384 group 239.1.1.1 learning',
  ]);
});

describe('a VXLAN is made anew where it cannot become the wanted one:', () => {
  const was = (identity: string) => [`gwvpn-vx: VXLAN deleted, it was another: ${identity}: ip link del dev gwvpn-vx`];

  test.each<readonly [string, object, readonly string[]]>([
    ['the same', {}, []],
    ['another VNI', { id: 7 }, was('id=7 dstport=4799 srcport=0 group= remote=')],
    ['another port', { port: 8472 }, was('id=1000 dstport=8472 srcport=0 group= remote=')],
    ['one source port', { port_range: { low: 4789 } }, was('id=1000 dstport=4799 srcport=4789 group= remote=')],
    ['a group', { group: '239.1.1.1' }, was('id=1000 dstport=4799 srcport=0 group=239.1.1.1 remote=')],
    ['a group of IPv6', { group6: 'ff05::1' }, was('id=1000 dstport=4799 srcport=0 group=ff05::1 remote=')],
    ['one peer', { remote: '172.18.0.12' }, was('id=1000 dstport=4799 srcport=0 group= remote=172.18.0.12')],
    ['another device', { link: 'eth1' }, []],
  ])('%s', (_, given, expected) => {
    expect(lines(replaceVxlan(vxlan('gwvpn-vx', { details: details(given) }), WANTED))).toEqual(expected);
  });

  test('of a group, the device, too: the kernel joins only when the link comes up', () => {
    const link = (device: string) => vxlan('gwvpn-vx', { details: details({ group: '239.1.1.1', link: device }) });
    expect(replaceVxlan(link('eth0'), GROUP)).toEqual([]);
    const identity = 'id=1000 dstport=4799 srcport=0 group=239.1.1.1 remote= dev=eth1';
    expect(lines(replaceVxlan(link('eth1'), GROUP))).toEqual(was(identity));
    expect(lines([deleteVxlan(link('eth1'), GROUP)])).toEqual(was(identity));
  });
});

describe('of a VXLAN', () => {
  const set = (what: string) => [`gwvpn-vx: set ${what}: ip link set dev gwvpn-vx type vxlan id 1000 ${what}`];

  test.each<readonly [string, object, readonly string[]]>([
    ['nothing is changed that is as wanted', {}, []],
    ['the source is set', { local: '172.18.0.99' }, set('local 172.18.0.11')],
    ['the device is set', { link: 'eth1' }, set('dev eth0')],
    ['the TTL is left to the kernel', { ttl: 9 }, set('ttl 0')],
    ['learning is switched on', { learning: false }, set('learning')],
    [
      'all is set at once',
      { local: undefined, link: undefined, ttl: 9, learning: false },
      set('learning ttl 0 dev eth0 local 172.18.0.11'),
    ],
  ])('%s', (_, given, expected) => {
    expect(lines(diffVxlan(vxlan('gwvpn-vx', { details: details(given) }), WANTED))).toEqual(expected);
  });

  test('the TTL is that of the group', () => {
    expect(lines(diffVxlan(vxlan(), GROUP))).toEqual(set('ttl 4'));
  });

  test('the source of IPv6 is compared as well', () => {
    const link = vxlan('gwvpn-vx', { details: details({ local: undefined, local6: 'fd00::1' }) });
    const wanted = { ...WANTED, underlay: { device: 'eth0', source: 'fd00::1' } };
    expect(diffVxlan(link, wanted)).toEqual([]);
  });

  test.each<readonly [string, Partial<Link>, readonly string[]]>([
    ['nothing else is changed', {}, []],
    ['the bridge is set', { master: undefined }, ['gwvpn-vx: set master gwvpn: ip link set dev gwvpn-vx master gwvpn']],
    ['the group is set', { group: '7' }, ['gwvpn-vx: set group 10000007: ip link set dev gwvpn-vx group 10000007']],
    [
      'link-local addresses are removed',
      { addresses: [LOCAL_ADDRESS] },
      ['gwvpn-vx: addresses removed: ip addr flush dev gwvpn-vx'],
    ],
    ["an address that somebody has given it stays: it is somebody's purpose", { addresses: [ADDRESS] }, []],
    ['it is set up', { isUp: false }, ['gwvpn-vx: set up: ip link set dev gwvpn-vx up']],
  ])('%s', (_, given, expected) => {
    expect(lines(settleVxlan(vxlan('gwvpn-vx', given), WANTED, NAMES))).toEqual(expected);
  });
});

describe('a link with the name of the VXLAN is left alone', () => {
  test.each<readonly [string, Partial<Link>]>([
    ['gwvpn-vx exists and is no VXLAN: left alone', { kind: 'bridge' }],
    ["gwvpn-vx is not ours, its alias is 'gateway-network other': left alone", { alias: 'gateway-network other' }],
    ['gwvpn-vx is not ours, it belongs to br9: left alone', { alias: '', master: 'br9' }],
    ['gwvpn-vx is not ours, something else uses it: left alone', { alias: '', addresses: [ADDRESS] }],
    ['gwvpn-vx is not ours, something else uses it: left alone', { alias: '', details: { external: true } }],
  ])('%s', (fault, given) => {
    expect(vxlanFault(vxlan('gwvpn-vx', given), NAMES)).toBe(fault);
  });

  test.each<Partial<Link>>([
    { master: 'br9', addresses: [ADDRESS] },
    { alias: NAMES.released },
    { alias: `${NAMES.released} agent-b` },
    { alias: '' },
    { alias: '', master: undefined, addresses: [LOCAL_ADDRESS] },
  ])("but not where it is ours, or nobody's: %o", (given) => {
    expect(vxlanFault(vxlan('gwvpn-vx', given), NAMES)).toBeUndefined();
  });
});

describe('a VNI is taken', () => {
  const OTHERS = { alias: 'gateway-network lab/lan agent-x' };
  const fault = (given: Partial<Link>) => takenFault([vxlan('gwlan-vx', given)], NAMES, OVERLAY);

  test('by the VXLAN of another network, or of anything else', () => {
    expect(fault(OTHERS)).toBe(
      "VNI 1000 on port 4799 is taken by gwlan-vx, whose alias is 'gateway-network lab/lan agent-x': left alone, " +
        'another network needs another VNI',
    );
    expect(fault({ alias: '' })).toContain('taken by gwlan-vx, which is not ours: ');
  });

  test.each<Partial<Link>>([
    { alias: NAMES.mark },
    { ...OTHERS, details: details({ id: 7 }) },
    { ...OTHERS, details: details({ port: 8472 }) },
    { ...OTHERS, details: details({ local: undefined, local6: 'fd00:18::11' }) },
    { ...OTHERS, name: 'gwvpn-vx' },
  ])('but not by %o', (given) => {
    expect(fault(given)).toBeUndefined();
  });
});
