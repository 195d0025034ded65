import { expect, test } from 'vitest';
import { parseAttachment } from '../../../fn/node/node-agent/attachment.ts';
import { judge } from '../../../fn/node/node-agent/identities.ts';
import { entry, type Given, NETWORK, port, ROUTER_MAC } from './given.ts';

/** What becomes of ports, each with what was given to its pod, as lines of text. */
function verdicts(given: Readonly<Record<string, Given>>, network = NETWORK): readonly string[] {
  const ports = Object.keys(given).map((name, index) => port(name, { index: 10 + index }));
  const attachments = Object.entries(given).flatMap(([name, each]) => parseAttachment(entry(name, each)) ?? []);
  const { bound, refused, waiting } = judge(network, 'egress', ports, attachments);
  return [
    ...bound.map(({ port: name, isRouter, mac, addresses }) =>
      ['bound', name, isRouter ? 'router' : 'client', mac, ...addresses.map(({ text }) => text)].join(' '),
    ),
    ...refused.map((each) => `refused ${each.port} ${each.reason}`),
    ...waiting.map((name) => `waiting ${name}`),
  ];
}

test('a client has the MAC address and the addresses that were given to it', () => {
  expect(verdicts({ veth1: {} })).toEqual(['bound veth1 client 02:00:00:00:00:11 192.168.50.16 fd00:50::16']);
});

test("a router has its own MAC address, and its addresses beside the gateways'", () => {
  expect(
    verdicts({ veth1: { network: 'egress.vpn-router-0', namespace: 'egress', mac: '0a:00:00:00:00:77' } }),
  ).toEqual([`bound veth1 router ${ROUTER_MAC} 192.168.50.1 192.168.50.2 fd00:50::1`]);
});

test.each<readonly [string, Given]>([
  ['it asks for a MAC address by cni-args', { args: { mac: 'x' } }],
  ['it asks for a MAC address by cni-args', { args: { MAC: 'x' } }],
  ['it asks for a MAC address by cni-args', { args: { ips: [], Mac: 'x' }, isAlone: true }],
  ['its MAC address is not known', { mac: '02:00' }],
  ['its MAC address is not known', { mac: 'AA:BB:CC:DD:EE:FF' }],
  ['its MAC address is not known', { mac: '02:00:00:00:00:11:12' }],
  [`it has the MAC address of a router, ${ROUTER_MAC}`, { mac: ROUTER_MAC }],
  ['it has the MAC address of another pod, 02:00:00:00:00:99', { mac: '02:00:00:00:00:99' }],
  ['it was given no address', { addresses: [] }],
  ['its address 203.0.113.10 is outside 192.168.50.0/24 and fd00:50::/64', { addresses: ['203.0.113.10/32'] }],
  [
    'its address fd00:50:0:1::16 is outside 192.168.50.0/24 and fd00:50::/64',
    { addresses: ['192.168.50.16/24', 'fd00:50:0:1::16/64'] },
  ],
  [
    'its address 203.0.113.10 is outside 192.168.50.0/24 and fd00:50::/64',
    { addresses: ['203.0.113.10/32', '203.0.113.11/32'] },
  ],
  ['its address 010.0.0.1 is outside 192.168.50.0/24 and fd00:50::/64', { addresses: ['010.0.0.1/24'] }],
  ['its address FD00:50::1 is that of a router', { addresses: ['192.168.50.16/24', 'FD00:50::1/64'] }],
  ['its address 192.168.50.2 is that of a router', { addresses: ['192.168.50.2/24'] }],
  [
    'its address 192.168.50.2 is that of a router',
    { addresses: ['192.168.50.16/24', '192.168.50.2/24', '192.168.50.1/24'] },
  ],
  [
    'its address fd00:50::99 is that of another pod',
    { addresses: ['fd00:50::17/64', 'fd00:50::99/64', '192.168.50.99/24'] },
  ],
  ['its address 192.168.50.99 is that of another pod', { addresses: ['192.168.50.99/24'] }],
  ['its address fd00:50:0::99 is that of another pod', { addresses: ['fd00:50:0::99/64'] }],
  [
    'its address 192.168.50.199 is given by the network, and the attachment own is none of it',
    { network: 'own', addresses: ['192.168.50.201/24', '192.168.50.199/24'] },
  ],
  [
    'its address 192.168.50.16 is given by the network, and the attachment own is none of it',
    { network: 'own', addresses: ['192.168.50.16/24'] },
  ],
  [
    'its address fd00:50::10 is given by the network, and the attachment own is none of it',
    { network: 'own', addresses: ['fd00:50::10/64'] },
  ],
  [
    'its address 192.168.50.20 is given by the network, and the attachment own is none of it',
    { network: 'own', addresses: ['192.168.50.20/24', '192.168.50.19/24'] },
  ],
  [
    'its address fd00:50::5 is given by the network, and the attachment own is none of it',
    { network: 'own', addresses: ['fd00:50::5/64'] },
  ],
  // It has the number of an IPv4 address of the pool.
  [
    'its address ::c0a8:3214 is outside 192.168.50.0/24 and fd00:50::/64',
    { network: 'own', addresses: ['::c0a8:3214/64'] },
  ],
  [
    'its address 192.168.50.202 is given by the network, and the attachment own is none of it',
    { network: 'own', addresses: ['192.168.50.202/24'] },
  ],
  ['its address 192.168.50.1 is that of a router', { network: 'own', addresses: ['192.168.50.1/24'] }],
  ['only pods of egress can be the router, by the attachment egress.vpn-router-0', { network: 'egress.vpn-router-0' }],
  [
    'another pod is the router of the attachment egress.vpn-router-1 already',
    { network: 'egress.vpn-router-1', namespace: 'egress' },
  ],
])('a pod is refused: %s', (reason, given) => {
  const before = {
    vethA: { mac: '02:00:00:00:00:99', addresses: ['192.168.50.99/24', 'fd00:50::99/64'] },
    vethB: { network: 'egress.vpn-router-1', namespace: 'egress' },
  };
  const [, , third] = verdicts({ ...before, veth1: given });
  expect(third).toBe(`refused veth1 ${given.namespace ?? 'apps'}/pod-veth1: ${reason}`);
});

test('an attachment that the user defined may have addresses that the network assigns to no pod', () => {
  const addresses = ['192.168.50.15/24', '192.168.50.200/24', 'fd00:50::f/64'];
  expect(verdicts({ veth1: { network: 'own', addresses } })).toEqual([
    'bound veth1 client 02:00:00:00:00:11 192.168.50.15 192.168.50.200 fd00:50::f',
  ]);
});

test('ports are looked at in the order in which they came to be, and told in that of their names', () => {
  const { bound, refused, waiting } = judge(
    NETWORK,
    'egress',
    [port('veth9', { index: 3 }), port('veth2', { index: 2 }), port('b'), port('a'), port('veth1', { index: 9 })],
    ['veth9', 'veth2', 'veth1'].flatMap((name) => parseAttachment(entry(name)) ?? []),
  );
  expect(bound.map((each) => each.port)).toEqual(['veth2']);
  expect(refused.map((each) => each.port)).toEqual(['veth1', 'veth9']);
  expect(waiting).toEqual(['a', 'b']);
});

test('a name that cannot be told is refused', () => {
  const { refused } = judge(NETWORK, 'egress', [port('vé:th')], []);
  expect(refused).toEqual([{ port: 'v??th', reason: 'its name cannot be told' }]);
});

test.each([
  ['the file with the MAC address of the port', ['0a:00:00:00:00:01', '0a:00:00:00:00:02'], '192.168.50.20'],
  ['the last file where several have it', ['0a:00:00:00:00:01', '0A:00:00:00:00:01'], '192.168.50.21'],
  ['the last file where none has it', ['0a:00:00:00:00:03', '0a:00:00:00:00:02'], '192.168.50.21'],
])('of files that have outlived their pods, it is %s that counts', (_, macs, expected) => {
  const attachments = macs.flatMap(
    (end, index) => parseAttachment(entry('veth1', { end, addresses: [`192.168.50.${20 + index}/24`] })) ?? [],
  );
  const { bound } = judge(NETWORK, 'egress', [port('veth1', { mac: '0a:00:00:00:00:01' })], attachments);
  expect(bound.map(({ addresses }) => addresses.map(({ text }) => text))).toEqual([[expected]]);
});
