import { describe, expect, test } from 'vitest';
import { diffAnswer, type Neighbour } from '../../../fn/node/node-agent/answer.ts';
import { destinations, parseEntries } from '../../../fn/node/node-agent/entries.ts';
import { parseLinks, withDetails } from '../../../fn/node/node-agent/link.ts';
import { attachAgain, groupPorts, outdatedPorts } from '../../../fn/node/node-agent/pod-ports.ts';
import { lines, NAMES, vxlan } from './bridges.ts';
import { port } from './given.ts';

test('links are read from what ip prints, also of several questions', () => {
  const text = `[{},{"ifindex":2,"ifname":"gwvpn","flags":["BROADCAST","UP"],"mtu":1450,"group":"default","address":"6e:03:6b:60:a0:5a","ifalias":"gateway-network x","linkinfo":{"info_kind":"bridge","info_data":{"stp_state":0}},"inet6_addr_gen_mode":"none"}]
[{"ifindex":3,"ifname":"veth1","link":"net1","flags":[],"mtu":1500,"master":"gwvpn","group":"10000007","linkinfo":{"info_kind":"veth","info_slave_data":{"isolated":true}},"addr_info":[{"family":"inet","local":"10.0.0.1","scope":"global"},{"family":"inet6","local":"fe80::1","scope":"link","tentative":true},{"family":"mpls","local":"16"},{"family":"inet"}]}]
`;
  expect(parseLinks(text)).toEqual([
    {
      index: 2,
      name: 'gwvpn',
      kind: 'bridge',
      mtu: 1450,
      mac: '6e:03:6b:60:a0:5a',
      isUp: true,
      master: undefined,
      group: 'default',
      alias: 'gateway-network x',
      addressMode: 'none',
      addresses: [],
      details: { stp_state: 0 },
      port: {},
    },
    {
      index: 3,
      name: 'veth1',
      kind: 'veth',
      mtu: 1500,
      mac: '',
      isUp: false,
      master: 'gwvpn',
      group: '10000007',
      alias: '',
      addressMode: undefined,
      addresses: [
        { family: 'IPv4', address: '10.0.0.1', isLocal: false, isUsable: true },
        { family: 'IPv6', address: 'fe80::1', isLocal: true, isUsable: false },
      ],
      details: {},
      port: { isolated: true },
    },
  ]);
});

test('an address that is on trial, or to go, or there for a while, is no source', () => {
  const addresses = ['tentative', 'deprecated', 'temporary', 'dadfailed'].map((flag) => ({
    family: 'inet6',
    local: 'fd00::1',
    scope: 'global',
    [flag]: true,
  }));
  const link = { ifindex: 1, ifname: 'a', flags: [], mtu: 1500, addr_info: addresses };
  const [read] = parseLinks(`${JSON.stringify([link])}\n`);
  expect(read?.addresses.map(({ isUsable }) => isUsable)).toEqual([false, false, false, false]);
});

test('details are those of the same link; one that came between two questions is there, too', () => {
  const basic = [port('a', { index: 1, addresses: [] }), port('b', { index: 2 })];
  const detailed = [vxlan('b', { index: 2 }), vxlan('c', { index: 3 })];
  const links = withDetails(basic, detailed);
  expect(links.map(({ name, kind }) => [name, kind])).toEqual([
    ['a', undefined],
    ['b', 'vxlan'],
    ['c', 'vxlan'],
  ]);
});

describe('of pods', () => {
  const OPEN = { master: 'gwvpn', group: '10000007' };
  const PORTS = [
    port('good', OPEN),
    port('lost', { ...OPEN, master: undefined }),
    port('new', { master: 'gwvpn', mtu: 1300 }),
    port('waiting', { mtu: 1500 }),
    port('other', { master: 'br9', group: '7' }),
    port('gwvpn-vx', { master: undefined, group: '10000007', mtu: 1500 }),
  ];
  const onBridge = PORTS.map((one) => (one.name === 'gwvpn-vx' ? { ...one, master: 'gwvpn', group: '7' } : one));

  test('those that have lost their bridge are attached again', () => {
    expect(lines(attachAgain(PORTS, '10000007', NAMES))).toEqual([
      'lost: attached to gwvpn again: ip link set dev lost master gwvpn',
    ]);
  });

  test('those on the bridge are put into the group', () => {
    expect(lines(groupPorts(onBridge, '10000007', NAMES))).toEqual([
      "new: put into the group of the network's ports: ip link set dev new group 10000007",
    ]);
  });

  test.each([
    [1450, 1, ['1 pod has the MTU 1300, not 1450: make it anew']],
    [1400, 2, ['2 pods have the MTU 1450 1300, not 1400: make them anew']],
  ])('those are told that have another MTU than %d', (mtu, count, notes) => {
    expect(outdatedPorts(onBridge, mtu, NAMES)).toEqual({ count, notes });
  });

  test('nothing is told where all have the MTU', () => {
    expect(outdatedPorts([port('good', OPEN)], 1450, NAMES)).toEqual({ count: 0, notes: [] });
  });
});

test('destinations are those of the entry for what is flooded, each once', () => {
  const text = `[{"mac":"00:00:00:00:00:00","dst":"10.0.0.1","state":"permanent"},{"mac":"de:bc:b1:bd:df:6a","dst":"10.0.0.9"}]
[{"mac":"00:00:00:00:00:00","dst":"10.0.0.1"},{"mac":"00:00:00:00:00:00","dst":"239.1.1.1","viaIf":"eth0"},{"mac":"00:00:00:00:00:00"}]
`;
  expect(destinations(parseEntries(text))).toEqual(['10.0.0.1', '239.1.1.1%eth0']);
});

describe('the bridge answers', () => {
  const MAC = '02:67:77:6e:00:08';
  const ENTRY = { mac: MAC };
  const NEIGHBOUR: Neighbour = { dst: '192.0.0.8', dev: 'gwvpn', lladdr: MAC, state: ['PERMANENT'] };
  const PORT = { port: { proxy_arp_wifi: true } };
  const neighbour =
    'gwvpn: 192.0.0.8 added: ip neigh replace 192.0.0.8 lladdr 02:67:77:6e:00:08 dev gwvpn nud permanent';

  test.each([
    ['all is there', PORT, [ENTRY], [NEIGHBOUR], []],
    ['all is there among others', PORT, [{ mac: '00:00:00:00:00:00' }, ENTRY], [{}, NEIGHBOUR], []],
    [
      'the flag is missing',
      {},
      [ENTRY],
      [NEIGHBOUR],
      ['gwvpn-vx: the bridge answers routers: ip link set dev gwvpn-vx type bridge_slave proxy_arp_wifi on'],
    ],
    [
      'the entry is missing',
      PORT,
      [{ mac: '00:00:00:00:00:00' }],
      [NEIGHBOUR],
      ['gwvpn-vx: 02:67:77:6e:00:08 added: bridge fdb replace 02:67:77:6e:00:08 dev gwvpn-vx master static'],
    ],
    ['the neighbour is missing', PORT, [ENTRY], [], [neighbour]],
    ['it is that of another link', PORT, [ENTRY], [{ ...NEIGHBOUR, dev: 'gwother' }], [neighbour]],
    ['it has another MAC address', PORT, [ENTRY], [{ ...NEIGHBOUR, lladdr: '02:00:00:00:00:01' }], [neighbour]],
    ['it has another address', PORT, [ENTRY], [{ ...NEIGHBOUR, dst: '192.0.0.9' }], [neighbour]],
    ['it was learnt', PORT, [ENTRY], [{ ...NEIGHBOUR, state: ['STALE'] }], [neighbour]],
  ])('%s', (_, given, entries, neighbours, expected) => {
    expect(lines(diffAnswer('gwvpn', vxlan('gwvpn-vx', given), entries, neighbours))).toEqual(expected);
  });
});
