import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { run, tryRun } from './namespace.ts';
import { ask, start, untilReady, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';
import {
  CONFIG,
  createRouter,
  letOutsideAnswer,
  OUTSIDE,
  reached,
  type Router,
  ROUTER_PLAN,
  RULES,
  ruleset,
} from './router.ts';

const TUNING = "not 1: the tuning CNI plugin of the router's network must set it";
const MAC = ROUTER_PLAN.mac;

/** The same network with something else of its only router. */
const withOwn = (own: object) => ({ routers: [{ ...CONFIG.routers[0], ...own }] });
const ONLY_IPV4 = { subnets: ['192.168.50.0/24'], ...withOwn({ addresses: ['192.168.50.1/24'] }) };
const ONLY_IPV6 = { subnets: ['fd00:50::/64'], ...withOwn({ addresses: ['fd00:50::1/64'] }) };

function rules({ namespace }: Router): string {
  return ruleset(namespace);
}

/** MAC and addresses of the interface on the network. */
function identity({ namespace }: Router): string[] {
  const shown = run(namespace, 'cat /sys/class/net/net1/address; ip -o addr show dev net1 scope global');
  return shown.match(/^..:..:..:..:..:..$|(?<=inet6? )\S+/gm) ?? [];
}

describeInNamespaces('a router', () => {
  it('forwards and masquerades both families once it is ready', async () => {
    const router = createRouter();
    using running = start(router);
    await untilReady(running);
    expect(reached(router)).toEqual(OUTSIDE);
    expect(identity(router)).toEqual([MAC, '192.168.50.1/24', 'fd00:50::1/64']);
    expect(ask(router, 'alive').status).toBe(0);
    expect(running.log()).toBe(
      `packet filter rules loaded\nnet1: MAC set to ${MAC}\nnet1: address 192.168.50.1/24 added\n` +
        'net1: address fd00:50::1/64 added\nready\n',
    );
  });

  it('sets its interface up where the CNI plugin left it down', async () => {
    const router = createRouter();
    run(router.namespace, 'ip link set net1 down');
    using running = start(router);
    await untilReady(running);
    expect(reached(router)).toEqual(OUTSIDE);
  });

  it('has its rules before anything else is right, and waits', async () => {
    const router = createRouter();
    run(router.namespace, 'ip link set net1 name net9 down');
    using running = start(router);
    await untilReady(running, 'not ready: waiting for the interface net1');
    expect(rules(router)).toContain('policy drop');
    run(router.namespace, 'ip link set net9 name net1 up');
    await untilReady(running);
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
    const router = createRouter(ONLY_IPV4);
    run(router.namespace, 'echo 0 > /proc/sys/net/ipv6/conf/all/forwarding; ip -6 route del default');
    using running = start(router);
    await untilReady(running);
  });

  it('has no address and forwards nothing while its rules do not load', async () => {
    const router = createRouter();
    letOutsideAnswer(router);
    writeConfig(router, 'rules.nft', RULES.replace('masquerade', 'nonsense'));
    using running = start(router);
    await untilReady(running, /^not ready: the packet filter rules cannot be loaded: .*rules\.nft:\d+:.*Error/);
    expect(identity(router)).toEqual([expect.not.stringMatching(MAC)]);
    // Even if it had them.
    run(router.namespace, `ip link set net1 address ${MAC} && ip addr add 192.168.50.1/24 dev net1`);
    expect(reached(router)).toEqual([]);
    writeConfig(router, 'rules.nft', RULES);
    await untilReady(running);
    expect(reached(router)).toEqual(OUTSIDE);
    expect(run(router.namespace, 'nft list tables')).toBe('table inet gateway\ntable inet gateway_instances\n');
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

  it.each([
    ['ip addr flush dev net1 scope global', 'address fd00:50::1/64 added'],
    ['ip addr del 192.168.50.1/24 dev net1', 'address 192.168.50.1/24 added'],
    ['ip link set net1 address 02:00:00:00:00:99', `MAC set to ${MAC}`],
    ['ip link set net1 down', 'set up'],
  ])('has its MAC and its addresses again after `%s`', async (command, line) => {
    const router = createRouter({}, { INTERVAL: '0.2' });
    using running = start(router);
    await untilReady(running);
    // Until the announcements are over, which set the MAC, too.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const before = running.log().length;
    run(router.namespace, command);
    await eventually(() => expect(running.log().slice(before)).toContain(`net1: ${line}\n`));
    await eventually(() => expect(identity(router)).toEqual([MAC, '192.168.50.1/24', 'fd00:50::1/64']));
    await eventually(() => expect(reached(router)).toEqual(OUTSIDE));
  });

  it('takes an address that another host has, too: that one is behind a lost node', async () => {
    const router = createRouter();
    run(router.client, 'ip addr add fd00:50::1/64 dev net1 nodad');
    run(router.namespace, 'ip link set net1 up && echo 1 > /proc/sys/net/ipv6/conf/net1/accept_dad');
    run(router.namespace, 'ip addr add fd00:50::1/64 dev net1');
    await eventually(() => expect(run(router.namespace, 'ip -6 addr show dev net1')).toContain('dadfailed'));
    using running = start(router);
    await untilReady(running);
    expect(run(router.namespace, 'ip -6 addr show dev net1')).not.toMatch(/dadfailed|tentative/);
  });

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
    await running.stop();
    writeConfig(router, 'config.json', JSON.stringify({ ...CONFIG, ...ONLY_IPV6 }));
    using next = start(router);
    await untilReady(next, 'not ready: no IPv6 default route through eth0');
  });

  it.each([
    ['eth0', 'outside'],
    ['net1', 'client'],
  ] as const)('is not ready while %s has no carrier', async (interfaceName, end) => {
    const router = createRouter();
    using running = start(router);
    await untilReady(running);
    run(router[end], `ip link set ${interfaceName} down`);
    await untilReady(running, `not ready: the interface ${interfaceName} is down, or what it is connected to is`);
    run(router[end], `ip link set ${interfaceName} up`);
    await untilReady(running);
  });

  it('announces its MAC in both families to clients that have another one', async () => {
    const router = createRouter();
    const entries = () =>
      run(router.client, 'ip neigh show dev net1')
        .match(/^(192.168.50.1|fd00:50::1) .*$/gm)
        ?.join('\n');
    for (const address of ['192.168.50.1', 'fd00:50::1']) {
      run(router.client, `ip neigh replace ${address} lladdr 02:00:00:00:00:99 dev net1 nud stale`);
    }
    using running = start(router);
    await untilReady(running);
    await eventually(() => expect(entries()?.match(new RegExp(MAC, 'g'))).toHaveLength(2));
  });

  it('leaves rules, MAC and addresses when it ends, at once', async () => {
    const router = createRouter({}, { INTERVAL: '30' });
    using running = start(router);
    await untilReady(running);
    const before = [rules(router), ...identity(router)];
    const asked = Date.now();
    expect(await running.stop()).toBe(0);
    expect(Date.now() - asked).toBeLessThan(5000);
    expect([rules(router), ...identity(router)]).toEqual(before);
  });

  it.each([
    [
      { subnets: '192.168.50.0/24' },
      /^not ready: config.json: subnets must be a list, each .*, but is "192.168.50.0\/24"$/,
    ],
    [
      withOwn({ addresses: ['192.168.50.1'] }),
      /: routers\[0\].addresses\[0\] must be an address with a prefix length, but/,
    ],
    [withOwn({ addresses: ['$(id)/24'] }), /: routers\[0\].addresses\[0\] must be .* but is "\$\(id\)\/24"$/],
    [withOwn({ mac: '' }), /mac must be a MAC address: six times two of 0-9 a-f, colons between, but is ""$/],
    [withOwn({ mac: '02:AA:00:00:00:01' }), /mac must be .* but is "02:AA:00:00:00:01"$/],
    [withOwn({ mac: '02:00:00:00:00:00:01' }), /mac must be .* but is "02:00:00:00:00:00:01"$/],
    [{ interface: undefined }, /^not ready: config.json: interface is missing$/],
    [{ egress: { type: 'VPN', interface: 'a b' } }, /: egress.interface must be an interface name: .*, but is "a b"$/],
    [{ nothing: 1 }, /^not ready: config.json: nothing is not a field that is known$/],
    [{ routers: [] }, /^not ready: ROUTER must be the index of a router of config.json, but is '0'$/],
  ])('has its rules and gives one line for bad values: %o', async (config, line) => {
    const router = createRouter(config);
    using running = start(router);
    await untilReady(running, line);
    expect(rules(router)).toContain('policy drop');
    expect(tryRun(router.namespace, 'ip -o addr show dev net1 scope global')).toBe('');
  });
});
