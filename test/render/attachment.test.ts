import { describe, expect, test } from 'vitest';
import { clientAttachment, routerAttachment } from '../../fn/render/attachment.ts';
import { MULTI_NODE, planOf } from '../plan/network.ts';

const client = (spec: string) => JSON.parse(clientAttachment(planOf(spec)).spec.config);
const router = (spec: string) => {
  const plan = planOf(spec);
  return JSON.parse(routerAttachment(plan, plan.routers[0]).spec.config);
};

describe("the clients' attachment", () => {
  test('is a bridge of the right MTU that gives the node no address', () => {
    const { name, cniVersion, plugins } = client(MULTI_NODE);
    expect({ name, cniVersion }).toEqual({ name: 'egress.vpn', cniVersion: '1.0.0' });
    expect(plugins).toHaveLength(1);
    expect(plugins[0]).toMatchObject({ type: 'bridge', mtu: 1450 });
    for (const key of ['isGateway', 'isDefaultGateway', 'ipMasq']) expect(plugins[0]).not.toHaveProperty(key);
  });

  test('asks whereabouts for an address outside what is taken', () => {
    const { ipam } = client('{subnets: [192.168.50.0/24], overlay: {vni: 7}, reserved: [192.168.50.32/28]}').plugins[0];
    expect(ipam.ipRanges).toEqual([
      {
        range: '192.168.50.0/24',
        range_start: '192.168.50.16',
        range_end: '192.168.50.254',
        exclude: ['192.168.50.32/28'],
      },
    ]);
    // It would be given to the routes of both families.
    expect(ipam).not.toHaveProperty('gateway');
  });

  test('asks whereabouts for an address of each family', () => {
    const { ipam } = client('{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}}').plugins[0];
    expect(ipam.ipRanges.map(({ range }: { range: string }) => range)).toEqual(['192.168.50.0/24', 'fd00:50::/64']);
  });

  test('asks host-local for an address of the pool on one node', () => {
    const { ipam } = client('{subnets: [192.168.50.0/24], reserved: [192.168.50.32/28]}').plugins[0];
    expect(ipam.ranges).toEqual([
      [
        { subnet: '192.168.50.0/24', rangeStart: '192.168.50.16', rangeEnd: '192.168.50.31' },
        { subnet: '192.168.50.0/24', rangeStart: '192.168.50.48', rangeEnd: '192.168.50.254' },
      ],
    ]);
  });

  test('has no default route, and a gateway on every IPv4 route', () => {
    const { routes } = client(MULTI_NODE).plugins[0].ipam as { routes: { dst: string; gw?: string }[] };
    expect(routes.map(({ dst }) => dst)).not.toContain('0.0.0.0/0');
    expect(routes.map(({ dst }) => dst)).not.toContain('::/0');
    for (const { dst, gw } of routes) expect(gw).toBe(dst.includes(':') ? undefined : '192.168.50.1');
  });
});

describe("the clients' attachment has", () => {
  test('no plugin that takes sysctls from a pod', () => {
    const plugins = client('{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}}').plugins;
    expect(plugins).toMatchObject([{ type: 'bridge' }]);
  });

  test('isolation where it is asked for', () => {
    expect(client('{subnets: [192.168.50.0/24], clientIsolation: Enabled}').plugins[0].portIsolation).toBe(true);
    const operated = '{subnets: [192.168.50.0/24], agent: {type: NodeNetworkOperator}}';
    expect(client(operated).plugins[0]).not.toHaveProperty('portIsolation');
    expect(client(operated.replace('}}', '}, clientIsolation: Enabled}')).plugins[0].portIsolation).toBe(true);
  });

  test('a bridge that leads nowhere, where an agent lets it on to the other one', () => {
    const guarded = client('{subnets: [192.168.50.0/24]}');
    expect(guarded).toMatchObject({ disableCheck: true, plugins: [{ bridge: 'in-vpn-4gfy37', portIsolation: true }] });
    const operated = client('{subnets: [192.168.50.0/24], agent: {type: NodeNetworkOperator}}');
    expect(operated).not.toHaveProperty('disableCheck');
    expect(operated.plugins[0].bridge).toBe('br-vpn-4gfy37');
  });
});

describe("a router's attachment", () => {
  test('has no address and no fixed MAC, and leaves the interface down: the router is closed until its rules are loaded', () => {
    const [bridge] = router('{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}}').plugins;
    expect(bridge).toEqual({
      type: 'bridge',
      bridge: 'in-vpn-4gfy37',
      mtu: 1450,
      disableContainerInterface: true,
      ipam: {},
    });
  });

  test.each([
    [
      '{subnets: [192.168.50.0/24]}',
      {
        'net.ipv4.ip_forward': '1',
        'net.ipv4.conf.all.rp_filter': '2',
        'net.ipv4.conf.all.send_redirects': '0',
        'net.ipv4.conf.net1.send_redirects': '0',
        'net.ipv4.conf.net1.arp_notify': '1',
        'net.ipv4.ping_group_range': '0 0',
      },
    ],
    [
      '{subnets: ["fd00:50::/64"]}',
      {
        'net.ipv6.conf.all.forwarding': '1',
        'net.ipv6.conf.net1.ndisc_notify': '1',
        'net.ipv6.conf.net1.accept_dad': '0',
        // To call clients, and what is outside.
        'net.ipv4.ping_group_range': '0 0',
      },
    ],
  ])('makes the pod forward the families of %s', (spec, sysctls) => {
    expect(router(spec).plugins[1].type).toBe('tuning');
    expect(router(spec).plugins[1].sysctl).toEqual(sysctls);
  });
});
