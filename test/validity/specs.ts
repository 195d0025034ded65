import { render } from '../../fn/render/render.ts';
import type { KubernetesObject } from '../../fn/krm/input.ts';
import { planOf } from '../plan/network.ts';

/** Specs that between them use every field of the API. */
const SPECS: Readonly<Record<string, string>> = {
  'one node': '{subnets: [192.168.50.0/24]}',
  'all nodes': '{subnets: [192.168.50.0/24], overlay: {vni: 1000}}',
  'everything set': `
subnets: [192.168.50.0/24, "fd00:50::/64"]
gatewayAddresses: [192.168.50.254]
reserved: [192.168.50.32/28, "fd00:50::100-fd00:50::1ff"]
mtu: 1400
unservedFamily: Bypass
clientIsolation: Enabled
overlay: {vni: 7, port: 4800, underlay: {family: IPv6, interface: eth1, mtu: 9000}, flooding: {type: Unicast, unicast: {peers: ["fd01::1", "fd01::2"]}}}
interfaces: {bridge: gwbr0, vxlan: gwvx0}
nodes:
  selector: {matchLabels: {zone: a}, matchExpressions: [{key: gpu, operator: DoesNotExist}, {key: tier, operator: In, values: [a, b]}]}
  tolerations: [{key: edge, operator: Equal, value: "true", effect: NoExecute, tolerationSeconds: 60}]
agent: {type: DaemonSet, daemonSet: {resources: {requests: {cpu: 1}, limits: {memory: 32Mi}}, metrics: {type: Textfile, textfile: {directory: /srv/metrics}}}}
nodeRules: {snatExemption: {type: ChainReturn, chainReturn: {chain: KIND-MASQ-AGENT}}, iptablesLegacy: Manage}
ipam: {type: Whereabouts}
cluster: {cidrs: [10.0.0.0/8, "fd00:10::/32"]}
gateway: {nodes: {selector: {matchLabels: {edge: "1"}}, tolerations: [{operator: Exists}]}, resources: {limits: {cpu: 500m}}}
clients: [{selector: {matchLabels: {egress: vpn}}, namespaces: [apps], attachment: PerNamespace, dns: Gateway, preserveInbound: Enabled, networkPolicy: Enabled}, {names: [mail], addresses: [192.168.50.99, "fd00:50::99"]}]
images: {node: "example.com/node:v1", pullSecrets: [registry]}
`,
  'a network that is monitored': `
subnets: [192.168.50.0/24, "fd00:50::/64"]
overlay: {vni: 7}
gateway: {replicas: 2}
monitoring: {type: PrometheusOperator, prometheusOperator: {labels: {a: b}}}
`,
  'node-network-operator': `
subnets: [192.168.50.0/24]
agent: {type: NodeNetworkOperator}
nodes: {selector: {matchLabels: {zone: a}, matchExpressions: [{key: gpu, operator: Exists}]}}
overlay: {vni: 1000, underlay: {interface: eth0}, flooding: {type: Multicast, multicast: {group: 224.0.0.88}}}
`,
  'a WireGuard tunnel in user space': `
subnets: [192.168.50.0/24, "fd00:50::/64"]
gateway: {egress: {type: VPN, vpn: {type: WireGuard, wireGuard: {secretName: wireguard, implementation: Userspace}}}}
`,
  "a VPN client of the user's": `
subnets: [192.168.50.0/24]
gateway:
  egress:
    type: VPN
    vpn:
      type: Container
      container:
        interface: tun0
        endpoints: [{protocol: UDP, port: 1194, cidrs: [198.51.100.0/24]}]
        spec:
          image: example.com/vpn:v1
          securityContext: {capabilities: {add: [NET_ADMIN]}}
          volumeMounts: [{name: tun, mountPath: /dev/net/tun}]
        volumes: [{name: tun, hostPath: {path: /dev/net/tun, type: CharDevice}}]
`,
};

/** The objects that are rendered of each spec. */
export const RENDERED: readonly (readonly [string, readonly KubernetesObject[]])[] = Object.entries(SPECS).map(
  ([name, spec]) => [name, render(planOf(spec))],
);
