import { expect, test } from 'vitest';
import { parseSockets, socketFaults } from '../../../fn/node/resolver/sockets.ts';

const OWN = `udp UNCONN 0 0 192.168.50.1:53 0.0.0.0:* users:(("dnsmasq",pid=7,fd=4))
udp UNCONN 0 0 [fd00:50::1]:53 [::]:* users:(("dnsmasq",pid=7,fd=6))
tcp LISTEN 0 32 192.168.50.1:53 0.0.0.0:* users:(("dnsmasq",pid=7,fd=5))
tcp LISTEN 0 32 [fd00:50::1]:53 [::]:* users:(("dnsmasq",pid=7,fd=7))
`;
const BOTH = ['192.168.50.1', 'fd00:50::1'];
const holds = (protocol: string, holder: string, address: string) =>
  `another program of the pod holds port 53 (${protocol} at ${holder}), so dnsmasq does not answer at ${address}: with gluetun, set DOT=off (up to v3.40) or DNS_SERVER=off`;

test('sockets are read with who holds them', () => {
  expect(parseSockets(`${OWN}udp UNCONN 0 0 *:53 *:*\n`, 7).slice(-2)).toEqual([
    { protocol: 'tcp', address: 'fd00:50::1', isOwn: true },
    { protocol: 'udp', address: '*', isOwn: false },
  ]);
  expect(parseSockets(OWN, 70).some(({ isOwn }) => isOwn)).toBe(false);
  expect(parseSockets('', 7)).toEqual([]);
});

test.each([
  ['all is as it should be', OWN, BOTH, []],
  ['no address', OWN, [], ['dnsmasq does not listen for udp', 'dnsmasq does not listen for tcp']],
  [
    'an address that nobody listens at',
    OWN,
    ['192.168.50.2'],
    ['dnsmasq does not listen for udp at 192.168.50.2', 'dnsmasq does not listen for tcp at 192.168.50.2'],
  ],
  ['one that came later holds all addresses', `${OWN}udp UNCONN 0 0 *:53 *:*\n`, BOTH, []],
  [
    'one that came first holds all addresses',
    OWN.split('\n').slice(1).concat('udp UNCONN 0 0 0.0.0.0:53 0.0.0.0:*').join('\n'),
    ['192.168.50.1'],
    [holds('udp', '0.0.0.0', '192.168.50.1')],
  ],
  [
    'two hold the same address',
    `${OWN}tcp LISTEN 0 5 192.168.50.1:53 0.0.0.0:*\n`,
    BOTH,
    [holds('tcp', '192.168.50.1', '192.168.50.1')],
  ],
])('%s', (_, text, addresses, faults) => {
  expect(socketFaults(parseSockets(text, 7), addresses)).toEqual(faults);
});
