import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { run, tryRun } from './namespace.ts';
import { ask, envText, start, untilReady, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';
import { createRouter, type Router, ROUTER, RULES } from './router.ts';

const TUNING = "not 1: the tuning CNI plugin of the router's network must set it";

function rules({ namespace }: Router): string {
  return run(namespace, 'nft -s list ruleset');
}

/** What a client gets to see of the outside, by a ping of each family. */
function reached({ client }: Router): string[] {
  const destinations = ['10.244.1.1', 'fd00:244::1'];
  return destinations.filter((address) => tryRun(client, `ping -n -c 1 -W 1 ${address}`) !== undefined);
}

/** Lets the outside answer packets that are not masqueraded. */
function letOutsideAnswer({ outside }: Router): void {
  run(outside, 'ip route add 192.168.50.0/24 via 10.244.1.2 && ip route add fd00:50::/64 via fd00:244::2');
}

describeInNamespaces('a router', () => {
  it('forwards and masquerades both families once it is ready', async () => {
    const router = createRouter();
    using running = start(router);
    await untilReady(running);
    await eventually(() => expect(reached(router)).toEqual(['10.244.1.1', 'fd00:244::1']));
    expect(ask(router, 'alive').status).toBe(0);
  });

  it('has its rules before anything else is right, and waits', async () => {
    const router = createRouter();
    run(router.namespace, 'ip link set net1 name net9 down');
    using running = start(router);
    await untilReady(running, 'not ready: waiting for the interface net1');
    expect(rules(router)).toContain('policy drop');
    run(router.namespace, 'ip link set net9 name net1 up');
    await untilReady(running, 'not ready: waiting for the address fd00:50::1/64 on net1');
    run(router.namespace, 'ip addr add fd00:50::1/64 dev net1 nodad');
    await untilReady(running);
    expect(running.log()).toMatch(
      /^packet filter rules loaded\nnot ready: waiting for the interface net1.*\nnot ready: /,
    );
  });

  it('is not ready and forwards nothing where forwarding is not switched on', async () => {
    const router = createRouter();
    letOutsideAnswer(router);
    run(router.namespace, 'echo 0 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv6/conf/all/forwarding');
    run(router.namespace, 'ip route replace default via fd00:244::1');
    using running = start(router);
    const line = `not ready: net.ipv4.ip_forward is '0', ${TUNING}; net.ipv6.conf.all.forwarding is '0', ${TUNING}`;
    await untilReady(running, line);
    expect(reached(router)).toEqual([]);
  });

  it('asks for forwarding of the families that it serves and no other', async () => {
    const router = createRouter({ FORWARDING: 'IPv4', ADDRESSES: '192.168.50.1/24' });
    run(router.namespace, 'echo 0 > /proc/sys/net/ipv6/conf/all/forwarding; ip -6 route del default');
    using running = start(router);
    await untilReady(running);
  });

  it('forwards nothing while its rules do not load', async () => {
    const router = createRouter();
    letOutsideAnswer(router);
    await eventually(() => expect(reached(router)).toEqual(['10.244.1.1', 'fd00:244::1']));
    writeConfig(router, 'rules.nft', RULES.replace('masquerade', 'nonsense'));
    using running = start(router);
    await untilReady(running, /^not ready: the packet filter rules cannot be loaded: .*rules\.nft:\d+:.*Error/);
    expect(reached(router)).toEqual([]);
    writeConfig(router, 'rules.nft', RULES);
    await untilReady(running);
    expect(run(router.namespace, 'nft list tables')).toBe('table inet gateway\n');
  });

  it.each(['nft delete table inet gateway', 'nft flush chain inet gateway forward', 'nft flush ruleset'])(
    'has its rules again after `%s`',
    async (command) => {
      const router = createRouter();
      using running = start(router);
      await untilReady(running);
      const before = rules(router);
      run(router.namespace, command);
      await eventually(() => expect(rules(router)).toBe(before));
    },
  );

  it('is not ready without a default route of IPv4', async () => {
    const router = createRouter();
    using running = start(router);
    await untilReady(running);
    run(router.namespace, 'ip route del default');
    await untilReady(running, 'not ready: no IPv4 default route through eth0');
  });

  it('is ready without one of IPv6 and says so, unless IPv6 is all that it serves', async () => {
    const router = createRouter();
    run(router.namespace, 'ip -6 route del default');
    using running = start(router);
    await untilReady(running, 'ready; no IPv6 default route through eth0: IPv6 does not leave');
    expect(ask(router, 'ready').status).toBe(0);
    writeConfig(router, 'router.env', envText({ ...ROUTER, FORWARDING: 'IPv6' }));
    await untilReady(running, 'not ready: no IPv6 default route through eth0');
  });

  it('is not ready while an address is not usable', async () => {
    const router = createRouter({ ADDRESSES: 'fd00:50::1/64 fd00:50::20/64' });
    run(router.namespace, 'ip addr add fd00:50::20/64 dev net1');
    using running = start(router);
    await untilReady(running, 'not ready: the address fd00:50::20/64 on net1 is in use elsewhere (dadfailed)');
  });

  it('makes its MAC address known to clients that have another one', async () => {
    const router = createRouter();
    run(router.client, 'ip neigh replace 192.168.50.1 lladdr 02:00:00:00:00:99 dev net1 nud stale');
    using running = start(router);
    await untilReady(running);
    const mac = run(router.namespace, 'cat /sys/class/net/net1/address').trim();
    await eventually(() => expect(run(router.client, 'ip neigh show 192.168.50.1')).toContain(mac));
  });

  it('leaves its rules when it ends, at once', async () => {
    const router = createRouter({}, { INTERVAL: '30' });
    using running = start(router);
    await untilReady(running);
    const before = rules(router);
    const asked = Date.now();
    expect(await running.stop()).toBe(0);
    expect(Date.now() - asked).toBeLessThan(5000);
    expect(rules(router)).toBe(before);
  });

  it('may have its addresses in the environment', async () => {
    const router = createRouter({ ADDRESSES: undefined }, { ADDRESSES: '192.168.50.1/24' });
    using running = start(router);
    await untilReady(running);
  });

  it.each([
    [{ ADDRESSES: undefined }, "ADDRESSES must be a list of address/prefix, but is ''"],
    [{ ADDRESSES: '192.168.50.1' }, "ADDRESSES must be a list of address/prefix, but is '192.168.50.1'"],
    [{ ADDRESSES: '$(id)/24' }, "ADDRESSES must be a list of address/prefix, but is '$(id)/24'"],
    [{ FORWARDING: 'ipv4' }, "router.env: FORWARDING must be a list of IPv4 and IPv6, but is 'ipv4'"],
    [{ FORWARDING: undefined }, 'router.env must have OVERLAY_INTERFACE, EGRESS_INTERFACE and FORWARDING'],
    [
      { EGRESS_INTERFACE: 'a b' },
      "router.env: EGRESS_INTERFACE must be an interface name: 1 to 15 of A-Z a-z 0-9 . _ -, but is 'a b'",
    ],
    [{ NOTHING: 1 }, 'router.env: NOTHING is not a key that is known'],
  ])('has its rules and gives one line for bad values: %o', async (values, line) => {
    const router = createRouter(values);
    using running = start(router);
    await untilReady(running, `not ready: ${line}`);
    expect(rules(router)).toContain('policy drop');
  });
});
