import { expect, it } from 'vitest';
import { run, tryRun } from '../agent/namespace.ts';
import { createCluster } from './bed/cluster.ts';
import { countIncoming } from './bed/counter.ts';
import { describeDatapath } from './bed/requirements.ts';
import { countOnWire, cutOff, INTERNET, reconnect, seenFrom } from './bed/underlay.ts';

const LAYOUTS = ['SameSubnet', 'Routed'] as const;

describeDatapath('the underlay of the test bed', () => {
  it.each(LAYOUTS)('counts what a node sends, except for what is excepted (%s)', (layout) => {
    using cluster = createCluster({ layout });
    const { underlay, nodes } = cluster;
    const [one, other] = nodes;
    const pings = countOnWire(underlay, 1, { matches: ['icmp type echo-request', 'icmpv6 type echo-request'] });
    const others = countOnWire(underlay, 1, {
      matches: ['meta protocol { ip, ip6 }'],
      except: [
        `ip daddr ${INTERNET.IPv4}`,
        'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }',
        'ip6 saddr fe80::/10',
        'ip6 saddr ::',
      ],
    });
    run(one?.namespace ?? '', `ping -n -c 3 -i 0.01 ${INTERNET.IPv4}`);
    expect([pings(), others()]).toEqual([3, 0]);
    run(one?.namespace ?? '', `ping -n -c 2 -i 0.01 ${INTERNET.IPv6}; ping -n -c 2 -i 0.01 ${other?.addresses.IPv4}`);
    expect([pings(), others()]).toEqual([7, 4]);
    expect(seenFrom(underlay, 1)).toBe(5);
  });

  it.each(LAYOUTS)('cuts a node off and has it back (%s)', (layout) => {
    using cluster = createCluster({ layout });
    const { underlay, nodes } = cluster;
    const [one = '', other = ''] = nodes.map(({ namespace }) => namespace);
    const [addressOfOne, addressOfOther] = nodes.map(({ addresses }) => addresses.IPv4);
    const pings = (from: string, to = '') => tryRun(from, `ping -n -c 1 -W 1 ${to}`) !== undefined;
    expect([pings(one, addressOfOther), pings(one, INTERNET.IPv4)]).toEqual([true, true]);
    const arrived = countIncoming(one, 'eth0', { matches: ['icmp type echo-request'] });
    cutOff(underlay, 1);
    const before = seenFrom(underlay, 1);
    expect([pings(one, addressOfOther), pings(other, addressOfOne), pings(one, INTERNET.IPv4)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(seenFrom(underlay, 1) - before).toBe(1);
    expect(arrived()).toBe(0);
    expect(pings(other, INTERNET.IPv4)).toBe(true);
    reconnect(underlay, 1);
    expect([pings(one, addressOfOther), pings(other, addressOfOne)]).toEqual([true, true]);
  });
});
