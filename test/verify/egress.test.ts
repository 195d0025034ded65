import { expect, test } from 'vitest';
import { strangers } from '../../fn/verify/egress.ts';
import { addressIn, parseTarget } from '../../fn/verify/target.ts';

test.each([
  ['203.0.113.10:8081', { host: '203.0.113.10', port: 8081, question: '' }],
  ['[2001:db8::10]:8081', { host: '2001:db8::10', port: 8081, question: '' }],
  ['echo.example:80', { host: 'echo.example', port: 80, question: '' }],
  [
    'http://echo.example/ip?x=1',
    {
      host: 'echo.example',
      port: 80,
      question: expect.stringMatching(/^GET \/ip\?x=1 HTTP\/1\.0\r\nHost: echo\.example\r\n/),
    },
  ],
  ['http://[2001:db8::10]:8080', { host: '2001:db8::10', port: 8080, question: expect.stringMatching(/^GET \/ HTTP/) }],
  ['https://echo.example', undefined],
  ['echo.example', undefined],
  ['2001:db8::10', undefined],
  ['http://', undefined],
  ['http://me:secret@echo.example', undefined],
])('a target: %s', (text, expected) => {
  expect(parseTarget(text)).toEqual(expected);
});

test.each([
  ['203.0.113.1\n', '203.0.113.1'],
  ['HTTP/1.0 200 OK\r\nX-Served-By: 10.0.0.1\r\n\r\n{"ip":"2001:db8::1"}', '2001:db8::1'],
  ['HTTP/1.0 200 OK\r\n\r\n<b>Your IP</b>: 198.51.100.7.', undefined],
  ['no address: 999.1.1.1', undefined],
])('the address in an answer: %j', (answer, expected) => {
  expect(addressIn(answer)).toBe(expected);
});

const [ROUTERS, OTHERS] = ['203.0.113.1', '203.0.113.2'];
const NODES = new Map([
  ['router', ROUTERS],
  ['other', OTHERS],
]);
const active = { pod: 'vpn-router-0-x', node: 'router' };
const around = [`the client on other leaves by ${OTHERS}, as its node does by itself`];

test.each([
  ['the cluster', 'ClusterNetwork', [], ROUTERS, []],
  ['the cluster, around the router', 'ClusterNetwork', [], OTHERS, around],
  ['the cluster, by a NAT for pods', 'ClusterNetwork', [], '203.0.113.9', []],
  ['a tunnel', 'VPN', [], '198.51.100.1', []],
  ['a tunnel, around it', 'VPN', [], OTHERS, around],
  ['another network', 'Network', ['10.99.0.50'], '10.99.0.50', []],
  [
    'another network, by a stranger',
    'Network',
    ['10.99.0.50'],
    '10.99.0.51',
    ['the client on other leaves by 10.99.0.51, not by 10.99.0.50'],
  ],
  ['another network, of which only IPv6 is known', 'Network', ['fd00:99::50'], '10.99.0.51', []],
] as const)('leaving by %s', (_, egress, egressAddresses, seen, expected) => {
  expect(strangers({ clients: new Map([['other', seen]]), nodes: NODES }, { egress, egressAddresses, active })).toEqual(
    expected,
  );
});

test('all nodes behind one address are no fault of an egress by the cluster', () => {
  const same = new Map([...NODES.keys()].map((node) => [node, ROUTERS]));
  const exits = { clients: new Map([['other', ROUTERS]]), nodes: same };
  expect(strangers(exits, { egress: 'ClusterNetwork', egressAddresses: [], active })).toEqual([]);
  expect(strangers(exits, { egress: 'VPN', egressAddresses: [], active })).toHaveLength(1);
});
