import { describe, expect, test } from 'vitest';
import { AGENT_CONFIG } from '../../fn/node/config/agent-config.ts';
import { agentData } from '../../fn/render/agent-data.ts';
import { planOf } from '../plan/network.ts';

const MULTICAST = 'flooding: {type: Multicast, multicast: {group: 224.0.0.88}}, underlay: {interface: eth0}';

describe('the data of the node agent', () => {
  const NAMES = 'interfaces: {bridge: gwbr0, vxlan: gwvx0}, subnets: [192.168.50.0/24, "fd00:50::/64"]';
  const ONE = {
    version: 1,
    network: 'egress/vpn',
    bridge: 'gwbr0',
    entry: 'in-vpn-4gfy37',
    portGroup: 18977999,
    mtu: 1500,
  };
  const OVERLAY = { device: 'gwvx0', vni: 1000, port: 4799, family: 'IPv4' };
  const REST = {
    cniResults: '/var/lib/cni/multus/results',
    attachments: {
      clients: ['egress.vpn'],
      routers: [
        { network: 'egress.vpn-router-0', mac: '02:3c:8d:5b:a3:55', addresses: ['192.168.50.1', 'fd00:50::1'] },
      ],
      gateways: ['192.168.50.1', 'fd00:50::1'],
      subnets: ['192.168.50.0/24', 'fd00:50::/64'],
      pool: [
        ['192.168.50.16', '192.168.50.254'],
        ['fd00:50::10', 'fd00:50::ffff:ffff:ffff:ffff'],
      ],
      fixed: [],
    },
    primary: {
      interface: 'eth0',
      IPv4: [
        '0.0.0.0/8',
        '10.0.0.0/8',
        '127.0.0.0/8',
        '169.254.0.0/16',
        '172.16.0.0/12',
        '192.168.0.0/16',
        '224.0.0.0/3',
      ],
      IPv6: ['fc00::/7', 'fe80::/10', 'ff00::/8'],
      replies: false,
    },
    iptablesLegacy: 'Report',
  };

  test.each<readonly [string, string, object]>([
    ['on one node', '', {}],
    [
      'with peers to discover',
      ', overlay: {vni: 1000}',
      {
        mtu: 1450,
        overlay: { ...OVERLAY, flooding: { type: 'Discovered', service: 'vpn-peers.egress.svc.cluster.local.' } },
      },
    ],
    [
      'with listed peers',
      ', overlay: {vni: 1000, underlay: {family: IPv6}, flooding: {type: Unicast, unicast: {peers: ["fd01::2", "fd01::1"]}}}',
      {
        mtu: 1430,
        overlay: { ...OVERLAY, family: 'IPv6', flooding: { type: 'Listed' } },
        peers: ['fd01::2', 'fd01::1'],
      },
    ],
    [
      'with multicast on a named interface',
      `, overlay: {vni: 1000, ${MULTICAST}}`,
      {
        mtu: 1450,
        overlay: { ...OVERLAY, underlay: 'eth0', flooding: { type: 'Multicast', group: '224.0.0.88' } },
        ttl: 1,
      },
    ],
    [
      'with a chain of the CNI',
      ', nodeRules: {snatExemption: {type: ChainReturn, chainReturn: {chain: KIND-MASQ-AGENT}}}',
      { snat: { chain: 'KIND-MASQ-AGENT', subnets: ['192.168.50.0/24', 'fd00:50::/64'] } },
    ],
    [
      'with networks of the cluster',
      ', cluster: {cidrs: [10.0.0.0/16, "fd00::/16"]}',
      {
        primary: {
          interface: 'eth0',
          IPv4: ['0.0.0.0/8', '10.0.0.0/16', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'],
          IPv6: ['fd00::/16', 'fe80::/10', 'ff00::/8'],
          replies: false,
        },
      },
    ],
    [
      'with clients that reply to inbound connections',
      ', clients: [{names: [client], namespaces: [apps], preserveInbound: Enabled}]',
      { primary: { ...REST.primary, replies: true } },
    ],
    ['with the legacy backend of iptables', ', nodeRules: {iptablesLegacy: Manage}', { iptablesLegacy: 'Manage' }],
    [
      'with metrics',
      ', agent: {type: DaemonSet, daemonSet: {metrics: {type: Textfile}}}',
      { metricsFile: '/run/gateway-network-metrics/gateway_network_egress_vpn.prom' },
    ],
  ])('%s', (_, spec, expected) => {
    const { agent, ...plan } = planOf(`{${NAMES}${spec}}`);
    const config = agent.type === 'DaemonSet' ? agentData({ ...plan, agent }, agent) : undefined;
    expect(config).toEqual({ ...ONE, ...REST, ...expected });
    expect(AGENT_CONFIG.check(config, 'config.json: ')).toEqual(config);
  });

  test('a family that may leave by the primary interface is not limited there', () => {
    const { agent, ...plan } = planOf('{subnets: [192.168.50.0/24], unservedFamily: Bypass}');
    const config = agent.type === 'DaemonSet' ? agentData({ ...plan, agent }, agent) : undefined;
    expect(config?.primary).toMatchObject({ IPv4: REST.primary.IPv4, replies: false });
    expect(config?.primary).not.toHaveProperty('IPv6');
  });
});
