/** A field of the API, and a spec before and after a change of it, which a base is merged with. */
export interface ChangedField {
  readonly field: string;
  readonly before: object;
  readonly after: object;
}

const [FROM, TO] = ['192.168.50.30', '192.168.50.31'];
const vlan = (network: object) => ({
  gateway: {
    egress: {
      type: 'Network',
      network: { attachment: { name: 'vlan' }, addresses: ['10.99.0.11/24'], gateways: ['10.99.0.1'], ...network },
    },
  },
  cluster: { cidrs: ['10.96.0.0/12'] },
});
const vpn = (settings: object) => ({ gateway: { egress: { type: 'VPN', vpn: settings } } });
const wireGuard = (settings: object) => vpn({ type: 'WireGuard', wireGuard: { secretName: 'tunnel', ...settings } });
const vpnContainer = (tag: string) => ({
  image: `vpn:${tag}`,
  securityContext: { capabilities: { add: ['NET_ADMIN'] } },
});
const container = (settings: object) =>
  vpn({
    type: 'Container',
    container: {
      interface: 'tun0',
      endpoints: [{ protocol: 'UDP', port: 1194 }],
      spec: vpnContainer('1.0'),
      ...settings,
    },
  });
const endpoint = (settings: object) => container({ endpoints: [{ protocol: 'UDP', port: 1194, ...settings }] });
const forward = (settings: object) => ({
  reserved: [FROM, TO],
  gateway: { portForwards: [{ protocol: 'TCP', port: 80, to: { addresses: [FROM] }, ...settings }] },
});
const overlay = (settings: object) => ({ overlay: { vni: 1000, ...settings } });
const multicast = (settings: object) =>
  overlay({ flooding: { type: 'Multicast', multicast: { group: '239.0.0.1', ...settings } } });
const operator = (type: string) => ({
  agent: { type },
  ...overlay({
    underlay: { interface: 'eth0' },
    flooding: { type: 'Multicast', multicast: { group: '239.0.0.1' } },
  }),
});
const client = (settings: object) => ({ clients: [{ names: ['client'], namespaces: ['apps'], ...settings }] });
const allIn = (settings: object) => ({ clients: [{ namespaces: ['apps'], ...settings }] });
const gateway = (settings: object) => ({ gateway: settings });
const agent = (settings: object) => ({ agent: { type: 'DaemonSet', daemonSet: settings } });

function row(field: string, before: object, after: object): ChangedField {
  return { field: `spec.${field}`, before, after };
}

/**
 * In the order of docs/reference.md. Objects without fields of their own are left out; so is what can never change
 * alone.
 */
export const CHANGED_FIELDS: readonly ChangedField[] = [
  row('subnets', {}, { subnets: ['192.168.60.0/24'] }),
  row('gatewayAddresses', {}, { gatewayAddresses: ['192.168.50.9'] }),
  row('reserved', {}, { reserved: [FROM] }),
  row('mtu', {}, { mtu: 1400 }),
  row('unservedFamily', {}, { unservedFamily: 'Bypass' }),
  row('clientIsolation', {}, { clientIsolation: 'Enabled' }),
  row('overlay.vni', {}, overlay({ vni: 1001 })),
  row('overlay.port', {}, overlay({ port: 4800 })),
  row('overlay.underlay.family', {}, overlay({ underlay: { family: 'IPv6' } })),
  row('overlay.underlay.interface', {}, overlay({ underlay: { interface: 'eth1' } })),
  row('overlay.underlay.mtu', {}, overlay({ underlay: { mtu: 1450 } })),
  row('overlay.flooding.type', {}, multicast({})),
  row(
    'overlay.flooding.unicast.peers',
    overlay({ flooding: { type: 'Unicast', unicast: { peers: ['172.18.0.11', '172.18.0.12'] } } }),
    overlay({ flooding: { type: 'Unicast', unicast: { peers: ['172.18.0.11', '172.18.0.12', '172.18.0.13'] } } }),
  ),
  row('overlay.flooding.multicast.group', multicast({}), multicast({ group: '239.0.0.2' })),
  row('overlay.flooding.multicast.ttl', multicast({}), multicast({ ttl: 4 })),
  row('interfaces.bridge', {}, { interfaces: { bridge: 'br-new' } }),
  row('interfaces.vxlan', {}, { interfaces: { vxlan: 'vx-new' } }),
  row('nodes.selector', {}, { nodes: { selector: { matchLabels: { zone: 'a' } } } }),
  row('nodes.tolerations', {}, { nodes: { tolerations: [{ key: 'a', operator: 'Exists' }] } }),
  row('agent.type', operator('DaemonSet'), operator('NodeNetworkOperator')),
  row('agent.daemonSet.resources', {}, agent({ resources: { requests: { cpu: '20m' } } })),
  row('agent.daemonSet.priorityClassName', {}, agent({ priorityClassName: 'high' })),
  row('agent.daemonSet.cniDir', {}, agent({ cniDir: '/var/lib/cni/other' })),
  row('agent.daemonSet.metrics.type', {}, agent({ metrics: { type: 'Textfile' } })),
  row(
    'agent.daemonSet.metrics.textfile.directory',
    agent({ metrics: { type: 'Textfile' } }),
    agent({ metrics: { type: 'Textfile', textfile: { directory: '/var/lib/other' } } }),
  ),
  row(
    'nodeRules.snatExemption.type',
    {},
    {
      nodeRules: { snatExemption: { type: 'ChainReturn', chainReturn: { chain: 'KIND-MASQ-AGENT' } } },
    },
  ),
  row(
    'nodeRules.snatExemption.chainReturn.chain',
    { nodeRules: { snatExemption: { type: 'ChainReturn', chainReturn: { chain: 'KIND-MASQ-AGENT' } } } },
    { nodeRules: { snatExemption: { type: 'ChainReturn', chainReturn: { chain: 'OTHER' } } } },
  ),
  row('nodeRules.iptablesLegacy', {}, { nodeRules: { iptablesLegacy: 'Manage' } }),
  row('cluster.cidrs', { cluster: { cidrs: ['10.96.0.0/12'] } }, { cluster: { cidrs: ['10.0.0.0/8'] } }),
  row('cluster.dataplane', {}, { cluster: { dataplane: 'Other' } }),
  row('gateway.nodes.selector', {}, gateway({ nodes: { selector: { matchLabels: { zone: 'a' } } } })),
  row('gateway.nodes.tolerations', {}, gateway({ nodes: { tolerations: [{ key: 'a', operator: 'Exists' }] } })),
  row('gateway.resources', {}, gateway({ resources: { requests: { cpu: '20m' } } })),
  row('gateway.priorityClassName', {}, gateway({ priorityClassName: 'high' })),
  row('gateway.replicas', gateway({ replicas: 2 }), gateway({ replicas: 3 })),
  row('gateway.egress.type', {}, wireGuard({})),
  row('gateway.egress.vpn.type', wireGuard({}), container({})),
  row('gateway.egress.vpn.wireGuard.secretName', wireGuard({}), wireGuard({ secretName: 'other' })),
  row('gateway.egress.vpn.wireGuard.implementation', wireGuard({}), wireGuard({ implementation: 'Userspace' })),
  row('gateway.egress.vpn.container.interface', container({}), container({ interface: 'tun1' })),
  row('gateway.egress.vpn.container.endpoints', container({}), endpoint({ cidrs: ['203.0.113.0/24'] })),
  row('gateway.egress.vpn.container.spec', container({}), container({ spec: vpnContainer('1.1') })),
  row('gateway.egress.vpn.container.volumes', container({}), container({ volumes: [{ name: 'a', emptyDir: {} }] })),
  row('gateway.egress.network.attachment', vlan({}), vlan({ attachment: { name: 'other' } })),
  row('gateway.egress.network.addresses', vlan({}), vlan({ addresses: ['10.99.0.12/24'] })),
  row('gateway.egress.network.gateways', vlan({}), vlan({ gateways: ['10.99.0.2'] })),
  row('gateway.egress.network.snatAddresses', vlan({}), vlan({ snatAddresses: ['10.99.0.50'] })),
  row(
    'gateway.healthCheck.addresses',
    gateway({ healthCheck: { addresses: ['203.0.113.1'] } }),
    gateway({ healthCheck: { addresses: ['203.0.113.2'] } }),
  ),
  row('gateway.firewall.allow', {}, gateway({ firewall: { allow: [{ cidrs: ['203.0.113.0/24'] }] } })),
  row('gateway.firewall.deny', {}, gateway({ firewall: { deny: [{ cidrs: ['198.51.100.0/24'] }] } })),
  row('gateway.portForwards', forward({}), forward({ targetPort: 8080 })),
  row(
    'gateway.dns.upstreams',
    { ...client({ dns: 'Gateway' }), ...gateway({ dns: { upstreams: ['203.0.113.53'] } }) },
    { ...client({ dns: 'Gateway' }), ...gateway({ dns: { upstreams: ['203.0.113.54'] } }) },
  ),
  row('gateway.dns.clusterDomain', client({ dns: 'Gateway' }), {
    ...client({ dns: 'Gateway' }),
    ...gateway({ dns: { clusterDomain: 'cluster.example' } }),
  }),
  row('clients', {}, { clients: [] }),
  row('clients[].join', client({}), { clients: [{ join: 'Admission', namespaces: ['apps'] }] }),
  row('clients[].attachment', client({}), client({ attachment: 'PerNamespace' })),
  row('clients[].dns', client({}), client({ dns: 'Gateway' })),
  row('clients[].guard', client({ guard: 'Disabled' }), client({})),
  row('clients[].networkPolicy', allIn({}), allIn({ networkPolicy: 'Enabled' })),
  row('clients[].preserveInbound', client({}), client({ preserveInbound: 'Enabled' })),
  row('clients[].addresses', client({ addresses: [FROM] }), client({ addresses: [TO] })),
  row('admissionCheck', {}, { admissionCheck: 'Enabled' }),
  row('monitoring', {}, { monitoring: { type: 'PrometheusOperator' } }),
  row(
    'ipam.type',
    { overlay: undefined, ipam: { type: 'Whereabouts' } },
    { overlay: undefined, ipam: { type: 'HostLocal' } },
  ),
  row('images.node', {}, { images: { node: 'example.com/node:2.0' } }),
  row('images.pullSecrets', {}, { images: { pullSecrets: ['registry'] } }),
];
