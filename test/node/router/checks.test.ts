import { expect, test } from 'vitest';
import { forwardingFault, keepalivedNote, linkFault, tunnelFault } from '../../../fn/node/router/checks.ts';

const report = (state: string, age = 0) => ({ since: 7, state, configuration: undefined, age });

test.each([
  [true, '1', undefined],
  [true, '0', 'the interface net1 is down, or what it is connected to is'],
  [true, '', 'the interface net1 is down, or what it is connected to is'],
  [true, undefined, 'the interface net1 is down, or what it is connected to is'],
  [false, undefined, 'waiting for the interface net1'],
])('an interface that is there (%s) with the carrier %j', (isThere, carrier, fault) => {
  expect(linkFault('net1', isThere, carrier)).toBe(fault);
});

test.each([
  ['IPv4', '1', undefined],
  ['IPv4', '0', "net.ipv4.ip_forward is '0', not 1: the tuning CNI plugin of the router's network must set it"],
  [
    'IPv6',
    undefined,
    "net.ipv6.conf.all.forwarding is '', not 1: the tuning CNI plugin of the router's network must set it",
  ],
] as const)('forwarding of %s is %j', (family, value, fault) => {
  expect(forwardingFault(family, value)).toBe(fault);
});

test.each([
  [report('ready', 20), undefined],
  [report('ready; late', 21), 'WireGuard: the last check was 21 seconds ago'],
  [report('not ready: no handshake yet'), 'WireGuard: no handshake yet'],
  [report('something'), 'WireGuard: something'],
  [undefined, 'WireGuard: no check has been made yet'],
])('a tunnel says %j', (said, fault) => {
  expect(tunnelFault(said)).toBe(fault);
});

test.each([
  [report('ready', 20), undefined],
  [report('ready', 21), 'keepalived: it says nothing'],
  [report("ready; this router has the gateway's addresses"), "this router has the gateway's addresses"],
  [report('not ready: waiting'), 'keepalived: not ready: waiting'],
  [undefined, 'keepalived: it says nothing'],
])("keepalived's program says %j", (said, note) => {
  expect(keepalivedNote(said)).toBe(note);
});
