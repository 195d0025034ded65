import { expect, test } from 'vitest';
import { formerMac, parseInstance, stampOf } from '../../../fn/node/router/instance.ts';
import { askingRules, listeningRules, parseHeard, tellingCommand } from '../../../fn/node/router/instance-rules.ts';
import { answersOf } from '../../../fn/node/router/answers.ts';
import { NETWORK, settingsFor } from './settings.ts';

const ONLY_IPV6 = settingsFor('{subnets: ["fd00:50::/64"], overlay: {vni: 7}}');
const STAMP = '019b1c2d3e4f00a7';

test('a younger instance has the greater stamp, all of the same length', () => {
  expect(stampOf(0x019b1c2d3e4f, 0.00256)).toBe(STAMP);
  expect(stampOf(5, 0)).toBe('0000000000050000');
  expect(stampOf(5, 0.999999)).toBe('000000000005ffff');
  expect(stampOf(1, 0.9) < stampOf(2, 0.1)).toBe(true);
});

test('what is written down of an instance is read again, and nothing else', () => {
  expect(parseInstance(`${STAMP} 0a:00:00:00:00:13`)).toEqual({ stamp: STAMP, mac: '0a:00:00:00:00:13' });
  expect(parseInstance(`${STAMP} `)).toEqual({ stamp: STAMP, mac: '' });
  for (const line of [undefined, '', STAMP, `${STAMP.slice(1)} `, `${STAMP} 0a:00`]) {
    expect(parseInstance(line)).toBeUndefined();
  }
});

test('an instance that gives its addresses up has the MAC address of before, or one of its own', () => {
  expect(formerMac({ stamp: STAMP, mac: '0a:00:00:00:00:13' })).toBe('0a:00:00:00:00:13');
  expect(formerMac({ stamp: STAMP, mac: '' })).toBe('02:2d:3e:4f:00:a7');
});

test('others are heard at the address of the first family, younger and older ones apart', () => {
  expect(listeningRules(NETWORK, STAMP)).toBe(`add table inet gateway_instances
delete table inet gateway_instances
table inet gateway_instances {
	chain prerouting {
		type filter hook prerouting priority raw - 10; policy accept;
		iifname "net1" ip saddr 192.168.50.1 ip daddr 224.0.0.254 icmp type echo-request @th,64,64 > 0x019b1c2d3e4f00a7 counter comment "younger"
		iifname "net1" ip saddr 192.168.50.1 ip daddr 224.0.0.254 icmp type echo-request @th,64,64 < 0x019b1c2d3e4f00a7 counter comment "older"
	}
}
`);
  expect(listeningRules(ONLY_IPV6, STAMP)).toContain(
    'iifname "net1" ip6 saddr fd00:50::1 ip6 daddr ff02::114 icmpv6 type echo-request @th,64,64 > 0x019b1c2d3e4f00a7',
  );
});

test('what has been heard is read from the counters', () => {
  const rule = (count: number, comment: string) => `x counter packets ${count} bytes 72 comment "${comment}"\n`;
  expect(parseHeard(rule(3, 'younger') + rule(0, 'older'))).toEqual({ younger: 3, older: 0 });
  expect(parseHeard(rule(3, 'younger'))).toBeUndefined();
  expect(parseHeard(undefined)).toBeUndefined();
});

test('an instance tells by its own address and the interface on the network', () => {
  expect(tellingCommand(NETWORK, STAMP).join(' ')).toBe(
    `ping -n -q -i 1 -s 8 -p ${STAMP} -I 192.168.50.1 -I net1 224.0.0.254`,
  );
  expect(tellingCommand(ONLY_IPV6, STAMP).join(' ')).toBe(
    `ping -n -q -i 1 -s 8 -p ${STAMP} -I fd00:50::1 ff02::114%net1`,
  );
});

test('a question has no sender', () => {
  expect(askingRules(NETWORK)).toContain('oifname "net1" arp operation request arp saddr ip set 0.0.0.0');
});

test('who has answered is known by a MAC address', () => {
  const neighbours = [
    { dst: '192.168.50.1', lladdr: '02:3c:00:00:00:01', state: ['REACHABLE'] },
    { dst: '192.0.0.8', state: ['INCOMPLETE'] },
  ];
  expect([...answersOf(neighbours)]).toEqual(['192.168.50.1']);
  expect([...answersOf(undefined)]).toEqual([]);
});
