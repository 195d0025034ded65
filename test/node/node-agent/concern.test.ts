import { describe, expect, test } from 'vitest';
import { entryFilter, mattersOfLinks } from '../../../fn/node/node-agent/concern.ts';
import type { Names } from '../../../fn/node/node-agent/names.ts';

const NAMES: Names = {
  bridge: 'gw.vpn',
  entry: 'gw.vpn-in',
  vxlan: 'gw.vpn-vx',
  released: 'gateway-network egress/vpn',
  mark: 'gateway-network egress/vpn agent-a',
  pod: 'agent-a',
};
const CONCERN = { names: NAMES, portGroup: '10000007', underlay: 'eth0' };

describe('an event of links', () => {
  test.each([
    ['7: veth1@if2: <BROADCAST> mtu 1450 master gw.vpn state UP group default', true],
    ['7: veth1@if2: <BROADCAST> mtu 1450 master gw.vpn-in state UP group default', true],
    ['7: veth1@if2: <BROADCAST> mtu 1450 state DOWN group 10000007 qlen 1000', true],
    ['Deleted 7: veth1@if2: <BROADCAST> mtu 1450 master gw.vpn state UP group default', true],
    ['7: veth1@if2: <BROADCAST> mtu 1450 master cni0 state UP group default', false],
    ['7: veth1@if2: <BROADCAST> mtu 1450 master gwxvpn state UP group default', false],
    ['7: veth1@if2: <BROADCAST> mtu 1450 master gw.vpn2 state UP group default', false],
    ['7: veth1@if2: <BROADCAST> mtu 1450 state UP group 100000070', false],
    ['3: gw.vpn: <BROADCAST> mtu 1450', true],
    ['4: gw.vpn-vx: <BROADCAST> mtu 1450', true],
    ['5: gw.vpn-in    inet6 fe80::1/64 scope link \\       valid_lft forever', true],
    ['2: eth0    inet6 fe80::1/64 scope link \\       valid_lft forever', true],
    ['2: eth0    inet 172.18.0.11/24 scope global eth0', true],
    ['2: eth0@if9: <BROADCAST> mtu 1500', true],
    ['9: eth1    inet 10.0.0.1/24 scope global eth1', true],
    ['9: eth1: <BROADCAST> mtu 1500', true],
    ['9: eth1    inet6 fe80::1/64 scope link \\       valid_lft forever', false],
    ['9: eth1    inet6 fe80::1/64 scope linked \\       valid_lft forever', true],
    ['2: local fe80::1 dev eth1 table local proto kernel', true],
    ['local fe80::1 dev eth1 table local proto kernel', false],
    ['9: eth1@if3: <BROADCAST> mtu 1500', false],
    ['9: eth1@eth0: <BROADCAST> mtu 1500', true],
    ['', false],
  ])('%j, whether it matters: %s', (line, expected) => {
    expect(mattersOfLinks(line, CONCERN)).toBe(expected);
    expect(mattersOfLinks(`7: vethx@if3: <BROADCAST> mtu 1500\n${line}\n`, CONCERN)).toBe(expected);
  });

  test('names that are not there match nothing', () => {
    const concern = { names: { ...NAMES, entry: undefined, vxlan: undefined }, portGroup: '7', underlay: undefined };
    expect(mattersOfLinks('7: veth1@if2: <BROADCAST> mtu 1450 master undefined state UP', concern)).toBe(false);
    expect(mattersOfLinks('7: gw.vpn@if2: <BROADCAST> mtu 1450', concern)).toBe(true);
    expect(mattersOfLinks('7: gw.vpn-vx@if2: <BROADCAST> mtu 1450', concern)).toBe(false);
  });
});

describe('an event of forwarding entries', () => {
  test.each([
    ['00:00:00:00:00:00 dev gw.vpn-vx dst 172.18.0.12 self permanent', true],
    ['Deleted 00:00:00:00:00:00 dev gw.vpn-vx dst 172.18.0.12 self permanent', true],
    ['00:00:00:00:00:00 dev gwxvpn-vx dst 172.18.0.12 self permanent', false],
    ['00:00:00:00:00:00 dev gw.vpn-vx2 dst 172.18.0.12 self permanent', false],
    ['0a:00:00:00:00:01 dev gw.vpn-vx dst 172.18.0.12 self', false],
    ['Deleted 0a:00:00:00:00:01 dev gw.vpn-vx dst 172.18.0.12 self', false],
    ['0a:00:00:00:00:00:00:00:00:00 dev gw.vpn-vx', false],
  ])('%j, whether it matters: %s', (line, expected) => {
    expect(entryFilter('gw.vpn-vx').test(line)).toBe(expected);
    expect(entryFilter('gw.vpn-vx').test(`0a:00:00:00:00:01 dev gw.vpn-vx self\n${line}\n`)).toBe(expected);
  });
});
