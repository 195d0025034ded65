import { expect, test } from 'vitest';
import { plain } from '../../fn/status/paint.ts';
import { failed, notTested, type Packet, passed, type Report } from '../../fn/verify/check.ts';
import { formatJunit } from '../../fn/verify/junit.ts';
import { formatReport } from '../../fn/verify/text.ts';

const packet: Packet = {
  time: '2026-11-30T01:33:20.250Z',
  node: 'node2',
  interface: 'eth0',
  direction: 'out',
  from: '10.0.1.2',
  to: '192.0.2.12',
  protocol: 'UDP',
  count: 2,
  way: 'SO_BINDTODEVICE, UDP',
  client: 'node2',
};
const LINE =
  '2026-11-30T01:33:20.250Z node2 eth0 out UDP 10.0.1.2 -> 192.0.2.12, 2 times (client on node2, SO_BINDTODEVICE, UDP)';

const report = (...checks: Report['checks']): Report => ({
  namespace: 'egress',
  name: 'vpn',
  ok: checks.every(({ result }) => result !== 'failed'),
  checks,
});
const BAD = report(
  passed('gateway', '192.168.50.1'),
  failed('eth0', 'packets have left by eth0', [packet]),
  notTested('egress', 'a "server" & more'),
);

test('text names each check, what was not tested, and packets', () => {
  expect(formatReport(BAD, plain)).toBe(`egress/vpn: something is wrong
  + the gateway answers
      192.168.50.1
  - programs that ask for eth0: nothing gets out by it
      packets have left by eth0
      ${LINE}
  ? clients leave by the address of the gateway
      not tested: a "server" & more
  1 ok, 1 failed, 1 not tested
`);
});

test.each([
  [[passed('dns', 'x')], 'all is well'],
  [[passed('dns', 'x'), notTested('egress', 'x')], 'what was tested is well'],
])('text says what is known of the whole', (checks, verdict) => {
  expect(formatReport(report(...checks), plain).split('\n')[0]).toBe(`egress/vpn: ${verdict}`);
});

test('of many packets text has ten', () => {
  const text = formatReport(
    report(
      failed(
        'eth0',
        'x',
        Array.from({ length: 12 }, () => packet),
      ),
    ),
    plain,
  );
  expect(text.match(/ -> /g)).toHaveLength(10);
  expect(text).toContain('      2 more: -o json has all\n');
});

test('JUnit has a case for each check, and escapes what XML needs', () => {
  const escaped = LINE.replace('->', '-&gt;');
  expect(formatJunit([BAD])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="gateway-network-fn test">
  <testsuite name="egress/vpn" tests="3" failures="1" skipped="1">
    <testcase classname="egress/vpn.gateway" name="the gateway answers">
      <system-out>192.168.50.1</system-out>
    </testcase>
    <testcase classname="egress/vpn.eth0" name="programs that ask for eth0: nothing gets out by it">
      <failure message="packets have left by eth0">${escaped}</failure>
    </testcase>
    <testcase classname="egress/vpn.egress" name="clients leave by the address of the gateway">
      <skipped message="a &quot;server&quot; &amp; more"/>
    </testcase>
  </testsuite>
</testsuites>
`);
});
