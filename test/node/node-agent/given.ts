import type { Attachments } from '../../../fn/node/config/agent-config.ts';
import type { Link } from '../../../fn/node/node-agent/link.ts';

export const ROUTER_MAC = '02:3c:00:00:00:01';

export const NETWORK: Attachments = {
  clients: ['egress.vpn'],
  routers: [
    { network: 'egress.vpn-router-0', mac: ROUTER_MAC, addresses: ['192.168.50.2', '192.168.50.1'] },
    { network: 'egress.vpn-router-1', mac: '02:3c:00:00:00:02', addresses: ['192.168.50.3'] },
  ],
  gateways: ['192.168.50.1', 'fd00:50::1'],
  subnets: ['192.168.50.0/24', 'fd00:50::/64'],
  pool: [
    ['192.168.50.16', '192.168.50.199'],
    ['fd00:50::10', 'fd00:50::ffff:ffff:ffff:ffff'],
  ],
  fixed: ['192.168.50.202', 'fd00:50::5'],
};

/** A port of the bridge that CNI plugins attach pods to. */
export function port(name: string, given: Partial<Link> = {}): Link {
  return {
    index: 2,
    name,
    mtu: 1450,
    mac: '0a:00:00:00:00:01',
    isUp: true,
    master: 'gwvpn-in',
    group: 'default',
    alias: '',
    addresses: [],
    details: {},
    port: {},
    ...given,
  };
}

/** What is given to a pod by its attachment. */
export interface Given {
  readonly network?: string;
  readonly namespace?: string;
  /** The MAC address of the pod's end, and of the node's. */
  readonly mac?: string;
  readonly end?: string;
  readonly addresses?: readonly string[];
  /** What its annotation asks of the plugins. */
  readonly args?: object;
  /** Whether the configuration is of one plugin and no list. */
  readonly isAlone?: boolean;
}

/** An entry of libcni's cache. */
export function entry(name: string, given: Given = {}): string {
  const { network = 'egress.vpn', namespace = 'apps', mac = '02:00:00:00:00:11', end = '0a:00:00:00:00:01' } = given;
  const { addresses = ['192.168.50.16/24', 'fd00:50::16/64'], args, isAlone } = given;
  const plugin = { type: 'bridge', ...(args && { args: { cni: args } }) };
  const config = { cniVersion: '1.0.0', name: network, ...(isAlone ? plugin : { plugins: [{ type: 'x' }, plugin] }) };
  return JSON.stringify({
    kind: 'cniCacheV1',
    containerId: name,
    config: Buffer.from(JSON.stringify(config)).toString('base64'),
    ifName: 'net1',
    networkName: network,
    cniArgs: [
      ['K8S_POD_NAMESPACE', namespace],
      ['K8S_POD_NAME', `pod-${name}`],
    ],
    result: {
      interfaces: [{ name: 'gwvpn-in' }, { name, mac: end }, { name: 'net1', mac, sandbox: '/x' }],
      ips: addresses.map((address) => ({ address, interface: 2 })),
    },
  });
}
