import { expect, test } from 'vitest';
import { judgeFailover, outage, parseAnswers } from '../../fn/verify/failover.ts';

const ROUTER = { pod: 'vpn-router-0-x', node: 'node1' };
/** Answers each 50 ms for 20 s, without those between two times. */
const answers = (from = 30, until = 30, node = 'node2') => ({
  node,
  gateway: '192.168.50.1',
  times: Array.from({ length: 400 }, (_, index) => 100 + index * 0.05).filter(
    (time) => time < 100 + from || time > 100 + until,
  ),
});

test('answers of ping are read by their times', () => {
  const output = `PING 192.168.50.1 (192.168.50.1) 56(84) bytes of data.
[1796000000.100001] 64 bytes from 192.168.50.1: icmp_seq=1 ttl=64 time=0.1 ms
[1796000000.150001] From 192.168.50.16 icmp_seq=2 Destination Host Unreachable
[1796000000.200001] 64 bytes from 192.168.50.1: icmp_seq=3 ttl=64 time=0.1 ms
`;
  expect(parseAnswers(output)).toEqual([1796000000.100001, 1796000000.200001]);
});

test.each([
  ['no gap', answers(), 0],
  ['a gap', answers(3, 3.8), 0.8],
  ['none at the end', answers(3, 30), undefined],
  ['none at all', answers(0, 30), undefined],
])('an outage: %s', (_, given, expected) => {
  const seconds = outage(given, 20);
  expect(seconds === undefined ? undefined : Math.round(seconds * 10) / 10).toBe(expected);
});

test.each([
  [[answers(3, 3.8), answers()], 'ok', 'back after 0.8 s'],
  [[answers(3, 3.8), answers(3, 30, 'node3')], 'failed', 'not back: 192.168.50.1 for node3'],
])('a failover', (given, result, detail) => {
  const what = 'vpn-router-0-x on node1 was deleted: 0 packets around the gateway in 20 s';
  expect(judgeFailover(ROUTER, given, [], 20)).toMatchObject({ result, detail: `${what}; ${detail}` });
});
