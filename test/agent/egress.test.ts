import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { count, createEgressRouter, type EgressRouter, egressSpec, NETWORK, SNAT } from './egress-router.ts';
import { eventually } from './eventually.ts';
import { type Namespace, run, signal, tryRun } from './namespace.ts';
import { ask, type Running, start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';
import { OUTSIDE, reached } from './router.ts';

const TO_OUTSIDE = ['ip daddr 203.0.113.10', 'ip6 daddr 2001:db8::10'];

async function started(router: EgressRouter): Promise<Running> {
  const running = start(router);
  await untilReady(running);
  return running;
}

/** Pings what is outside 50 times a second until it is told to stop. */
function flood({ client }: EgressRouter): Disposable {
  const pings = OUTSIDE.map((address) =>
    spawn('ip', ['netns', 'exec', client, 'ping', '-n', '-q', '-i', '0.02', address], { stdio: 'ignore' }),
  );
  return { [Symbol.dispose]: () => pings.forEach((ping) => ping.kill()) };
}

/** Listens on a port; connects to it, and fails where that does not succeed within a second. */
const SERVER = "require('node:net').createServer((socket) => socket.end()).listen(7000, '::')";
const CLIENT =
  "require('node:net').connect(7000, '10.99.0.11', () => process.exit(0)).on('error', () => process.exit(1)); setTimeout(() => process.exit(1), 1000)";

/** What the pod looks packets up by, and where to. */
function ways({ namespace }: EgressRouter): string {
  return run(
    namespace,
    'for family in 4 6; do ip -$family rule | grep ^9; ip -$family route show table 100; done; ip -o addr show dev net2 scope global',
  );
}

describeInNamespaces('a router whose egress is another network', () => {
  it('leaves by it, and by its own address, in both families', async () => {
    const router = createEgressRouter();
    const [byPod, byEgress] = [count(router.outside, 'seen', TO_OUTSIDE), count(router.gateway, 'seen', TO_OUTSIDE)];
    const own = count(router.gateway, 'own', [
      `ip saddr 10.99.0.11 ${TO_OUTSIDE[0]}`,
      `ip6 saddr fd00:99::11 ${TO_OUTSIDE[1]}`,
    ]);
    using running = await started(router);
    expect(reached(router)).toEqual(OUTSIDE);
    expect([byPod(), byEgress(), own()]).toEqual([0, 2, 2]);
    expect(JSON.parse(ask(router, 'report').output)).toEqual({
      state: 'ready',
      configuration: expect.stringMatching(/^[\da-f]{16}$/),
      drops: expect.any(Object),
      egress: { interface: 'net2', addresses: ['10.99.0.11', 'fd00:99::11'] },
    });
    await setTimeout(2500);
    expect(running.log().match(/^.* (added|lookup|unreachable).*$/gm)).toEqual([
      'IPv4: iif net1: unreachable',
      'IPv4: to 192.168.50.0/24: lookup main',
      'IPv4: iif net1: lookup 100',
      'IPv4: oif net2: lookup 100',
      'IPv4: fwmark 0x67776f: lookup 100',
      'IPv6: iif net1: unreachable',
      'IPv6: to fd00:50::/64: lookup main',
      'IPv6: iif net1: lookup 100',
      'IPv6: oif net2: lookup 100',
      'IPv6: fwmark 0x67776f: lookup 100',
      'net2: address 10.99.0.11/24 added',
      'net2: address fd00:99::11/64 added',
      'IPv4: route 10.99.0.0/24 dev net2 added',
      'IPv4: route default via 10.99.0.1 dev net2 added',
      'IPv6: route fd00:99::/64 dev net2 added',
      'IPv6: route default via fd00:99::1 dev net2 added',
      'net1: address 192.168.50.1/24 added',
      'net1: address fd00:50::1/64 added',
    ]);
  });

  it('has the address that clients share, for which it answers', async () => {
    const router = createEgressRouter(egressSpec(`${NETWORK}, ${SNAT}}}`));
    const shared = count(router.gateway, 'shared', [
      `ip saddr 10.99.0.50 ${TO_OUTSIDE[0]}`,
      `ip6 saddr fd00:99::50 ${TO_OUTSIDE[1]}`,
    ]);
    using _ = await started(router);
    expect(reached(router)).toEqual(OUTSIDE);
    expect(shared()).toBe(2);
  });

  it.each([
    [
      'its routing rules',
      'for family in 4 6; do ip -$family rule flush; ip -$family rule add priority 32766 lookup main; done',
    ],
    ['its routing table', 'for family in 4 6; do ip -$family route flush table 100; done'],
    ['its addresses there', 'ip addr flush dev net2 scope global'],
    ['its interface there', 'ip link set net2 down'],
    ['one rule', 'ip rule del priority 91; ip -6 rule del priority 91'],
  ])('lets nothing out by its pod while %s are lost, and has them back', async (_what, accident) => {
    const router = createEgressRouter();
    const byPod = count(router.outside, 'seen', TO_OUTSIDE);
    using running = await started(router);
    const before = ways(router);
    using _ = flood(router);
    // Held up, so that it is seen that they are lost.
    signal(router.namespace, 'SIGSTOP');
    run(router.namespace, accident);
    expect(ways(router)).not.toBe(before);
    await setTimeout(500);
    signal(router.namespace, 'SIGCONT');
    await eventually(() => expect(ways(router), running.log()).toBe(before));
    await untilReady(running);
    expect(reached(router)).toEqual(OUTSIDE);
    expect(byPod()).toBe(0);
  });

  it.each([
    ['its routing table', 'for family in 4 6; do ip -$family route flush table 100; done'],
    ['its interface there', 'ip link set net2 down'],
    ['the rule of its table', 'ip rule del priority 91; ip -6 rule del priority 91'],
  ])('has no other way for clients where %s is lost, even if it forwards everything', async (_, accident) => {
    const router = createEgressRouter();
    const byPod = count(router.outside, 'seen', TO_OUTSIDE);
    using running = await started(router);
    await running.stop();
    run(router.namespace, "nft 'flush chain inet gateway forward; chain inet gateway forward { policy accept; }'");
    run(router.namespace, accident);
    expect(reached(router)).toEqual([]);
    expect(byPod()).toBe(0);
  });

  it('lets nothing out of a pod as CNI leaves it, nor in', async () => {
    const router = createEgressRouter();
    run(router.outside, 'ip route add 10.99.0.0/24 via 10.244.1.2');
    run(router.attacker, 'ip route add 10.244.1.0/24 via 10.99.0.11');
    const mac = run(router.namespace, 'cat /sys/class/net/net2/address').trim();
    run(router.attacker, `ip neigh replace 10.99.0.11 lladdr ${mac} dev eth0 nud permanent`);
    const fromEgress = count(router.outside, 'seen', ['ip saddr 10.99.0.66']);
    expect(tryRun(router.attacker, 'ping -n -c 2 -i 0.2 -W 1 10.244.1.1')).toBeUndefined();
    expect(fromEgress()).toBe(0);
    run(router.namespace, 'sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.net2.rp_filter=0');
    tryRun(router.attacker, 'ping -n -c 2 -i 0.2 -W 1 10.244.1.1');
    expect(fromEgress(), 'without the check of sources it does').toBeGreaterThan(0);
  });

  it('is found when it comes back with another MAC, by those who have no reason to look for it', async () => {
    const router = createEgressRouter();
    {
      using _ = await started(router);
      expect(reached(router)).toEqual(OUTSIDE);
    }
    run(
      router.gateway,
      'sysctl -qw net.ipv4.neigh.eth0.base_reachable_time_ms=3600000 net.ipv6.neigh.eth0.base_reachable_time_ms=3600000',
    );
    expect(reached(router)).toEqual(OUTSIDE);
    const entries = () =>
      run(router.gateway, 'ip neigh show dev eth0')
        .match(/^(10.99.0.11|fd00:99::11) lladdr \S+/gm)
        ?.join('\n') ?? '';
    const before = entries();
    router.attach();
    const mac = run(router.namespace, 'cat /sys/class/net/net2/address').trim();
    expect(before).not.toContain(mac);
    using _ = start(router);
    await eventually(() => expect(entries().match(new RegExp(mac, 'g'))).toHaveLength(2));
  });

  it('sends errors about what clients are sent back by it', async () => {
    const router = createEgressRouter();
    const errors = ['icmp type time-exceeded', 'icmpv6 type time-exceeded'];
    const [byPod, byEgress] = [count(router.outside, 'seen', errors), count(router.gateway, 'seen', errors)];
    using running = await started(router);
    run(
      router.gateway,
      'sysctl -qw net.ipv4.ip_default_ttl=1 net.ipv6.conf.all.hop_limit=1 net.ipv6.conf.eth0.hop_limit=1',
    );
    expect(reached(router)).toEqual([]);
    expect(byEgress()).toBe(2);
    expect(byPod()).toBe(0);
    // Nor do they take another way where that one is lost.
    await running.stop();
    run(router.namespace, 'ip rule del priority 93; ip -6 rule del priority 93');
    expect(reached(router)).toEqual([]);
    expect(byPod()).toBe(0);
  });

  it('answers those who ask for it from behind that network', async () => {
    const router = createEgressRouter();
    const byPod = count(router.outside, 'seen', ['ip saddr { 10.99.0.11, 10.244.1.2 }', 'ip6 saddr fd00:99::11']);
    using _ = await started(router);
    for (const [address, own] of [
      [OUTSIDE[0], '10.99.0.11'],
      [OUTSIDE[1], 'fd00:99::11'],
    ]) {
      expect(run(router.gateway, `ping -n -c 1 -W 2 -I ${address} ${own}`)).toContain(' 1 received');
    }
    expect(byPod()).toBe(0);
  });

  it('lets somebody on that network ask for it there, and to nothing else', async () => {
    const router = createEgressRouter();
    using _ = await started(router);
    expect(reached(router)).toEqual(OUTSIDE);
    const server = spawn('ip', ['netns', 'exec', router.namespace, process.execPath, '-e', SERVER]);
    await eventually(() => expect(run(router.namespace, 'ss -Hltn')).toContain(':7000'));
    const targets = [
      '192.168.50.1',
      '192.168.50.20',
      '10.244.1.2',
      '10.244.1.1',
      'fd00:50::1',
      'fd00:50::20',
      'fd00:244::2',
      'fd00:244::1',
    ];
    for (const target of targets) {
      run(router.attacker, `ip route add ${target} via ${target.includes(':') ? 'fd00:99::11' : '10.99.0.11'}`);
    }
    const from = ['ip saddr 10.99.0.66', 'ip6 saddr fd00:99::66'];
    const [atClient, atPod] = [count(router.client, 'hit', from), count(router.outside, 'hit', from)];
    for (const own of ['10.99.0.11', 'fd00:99::11']) run(router.attacker, `ping -n -c 1 -W 2 ${own}`);
    for (const target of targets)
      expect(tryRun(router.attacker, `ping -n -c 1 -W 1 ${target}`), target).toBeUndefined();
    const connects = (namespace: Namespace) => tryRun(namespace, `${process.execPath} -e "${CLIENT}"`) !== undefined;
    expect(connects(router.namespace)).toBe(true);
    expect(connects(router.attacker)).toBe(false);
    expect([atClient(), atPod()]).toEqual([0, 0]);
    server.kill();
  });
});
