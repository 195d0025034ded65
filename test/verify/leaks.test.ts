import { expect, test } from 'vitest';
import { attemptsOf, MOST_CLIENTS } from '../../fn/verify/attempt.ts';
import { judge } from '../../fn/verify/leaks.ts';
import { prefixOf, testRange } from '../../fn/verify/range.ts';
import { parseSightings } from '../../fn/verify/sighting.ts';
import type { Place } from '../../fn/verify/place.ts';
import { WAYS } from '../../fn/verify/ways.ts';

const RANGE = testRange({ limits: undefined, gateways: ['192.168.50.1', 'fd00:50::1'] }, 1);
const PREFIX = 'c00002';
const numberOf = (title: string) => 2 + WAYS.length + WAYS.findIndex((way) => way.title === title);
const to = (title: string) => PREFIX + numberOf(title).toString(16).padStart(2, '0');
const [USUAL, ASKING] = [to('UDP'), to('SO_BINDTODEVICE, TCP')];
const ENDS = new Map([
  [0, { node: 'a', index: 7 }],
  [1, { node: 'b', index: 7 }],
]);
const EMPTY = {
  usual: [],
  leaked: [],
  asked: new Map([
    [0, 0],
    [1, 0],
  ]),
};

/** What is said of lines of the watcher on the node `b`, of packets of the client there. */
const seen = (...lines: readonly string[]) => judge(parseSightings(lines.join('\n'), 'b'), ENDS, RANGE);

test('nothing is said of other packets, and of those that go by the gateway', () => {
  expect(
    seen(
      'watching',
      `1796000000.000001 2 eth0 - out 0a000001 ${PREFIX}01 17 1`,
      `1796000000.000001 9 veth9 br-vpn in c0a83210 ${USUAL} 17 5`,
      `1796000000.000001 2 eth0 - out 0a000001 ${USUAL} 17 5`,
      `1796000000.000001 2 eth0 - out 0a000001 cb007108 17 5`,
      'half a line',
      'Use of uninitialized value in numeric eq (==) at /programs/watch.pl line 58, <$file> line 1.',
    ),
  ).toEqual(EMPTY);
});

test('packets of programs that ask for eth0 are held at its end', () => {
  const line = `1796000000.000001 7 veth7 - in 0af40105 ${ASKING} 6`;
  expect(seen(`${line} 3`, `${line} 8`)).toEqual({
    ...EMPTY,
    asked: new Map([
      [0, 0],
      [1, 8],
    ]),
  });
});

test.each([
  ['on the way out', '2 eth0 - out', { interface: 'eth0', direction: 'out' }],
  ['in a bridge behind the end', '4 cni0 - in', { interface: 'cni0', direction: 'in' }],
])('one that has passed it is a leak: %s', (_, where, expected) => {
  expect(seen(`1796000000.250000 ${where} 0a000102 ${ASKING} 6 2`).leaked).toEqual([
    {
      ...expected,
      time: '2026-11-30T00:53:20.250Z',
      node: 'b',
      from: '10.0.1.2',
      to: `192.0.2.${numberOf('SO_BINDTODEVICE, TCP')}`,
      protocol: 'TCP',
      count: 2,
      way: 'SO_BINDTODEVICE, TCP',
      client: 'b',
    },
  ]);
});

test('the same index on another node is not the end of eth0', () => {
  const line = `1796000000.000000 7 eth1 - in 0a000102 ${ASKING} 6 1`;
  expect(judge(parseSightings(line, 'a'), ENDS, RANGE).leaked).toHaveLength(1);
});

test('a usual program that sends by eth0 is told of', () => {
  const { usual, leaked } = seen(`1796000000.000001 7 veth7 - in 0af40105 ${USUAL} 17 4`);
  expect([usual, leaked]).toMatchObject([[{ way: 'UDP', interface: 'veth7', count: 4 }], []]);
});

test('each way of each client has an address of its own, in the families that are known', () => {
  const both = (IPv4: string, IPv6: string) => ({ IPv4, IPv6 });
  const place: Place = {
    index: 2,
    port: 8080,
    own: both('10.244.1.5', 'fd00:10:244::5'),
    network: both('192.168.50.16', 'fd00:50::10'),
    node: both('10.0.0.1', 'fd00::1'),
    otherNode: both('10.0.0.2', 'fd00::2'),
    pod: both('10.244.2.6', 'fd00:10:244:2::6'),
    service: both('10.96.0.9', 'fd00:10:96::9'),
  };
  const all = [0, MOST_CLIENTS - 1].flatMap((client) => attemptsOf(client, place, RANGE));
  const prefix = RANGE.IPv4 && prefixOf(RANGE.IPv4);
  const named = all
    .filter(({ family }) => family === 'IPv4')
    .map(({ calls }) =>
      calls
        .join()
        .match(/c00002../g)
        ?.at(-1),
    );
  const addressed = named.filter((one) => one !== undefined);
  expect(prefix).toBe(PREFIX);
  expect(new Set(addressed).size).toBe(addressed.length);
  expect(all.filter(({ family }) => family === 'IPv6').length).toBeGreaterThan(40);
  const only = attemptsOf(0, { ...place, node: { IPv4: '10.0.0.1' } }, RANGE);
  expect(new Set(only.map(({ family }) => family))).toEqual(new Set(['IPv4']));
});
