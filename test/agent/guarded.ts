import { mkdirSync, writeFileSync } from 'node:fs';
import { createNamespace, join, type Namespace, run } from './namespace.ts';
import { configText, createNode, link, type Values } from './node.ts';
import { type Program, writeConfig } from './program.ts';

export const ENTRY = 'gwvpn-in';
export const ROUTER = '02:3c:00:00:00:01';
export const ATTACHMENTS = {
  clients: ['egress.vpn'],
  routers: [{ network: 'egress.vpn-router-0', mac: ROUTER, addresses: ['192.168.50.1', 'fd00:50::1'] }],
  gateways: ['192.168.50.1', 'fd00:50::1'],
  subnets: ['192.168.50.0/24', 'fd00:50::/64'],
  pool: [
    ['192.168.50.16', '192.168.50.199'],
    ['fd00:50::10', 'fd00:50::ffff:ffff:ffff:ffff'],
  ],
  fixed: ['192.168.50.202'],
};
const PRIMARY = { interface: 'eth0', IPv4: ['10.0.0.0/8'], IPv6: ['fe80::/10'], replies: false };

/** What has an agent guard the ports of a network without an overlay. */
export function guarding(cniResults: string): Values {
  return { entry: ENTRY, cniResults, attachments: ATTACHMENTS, primary: PRIMARY, overlay: undefined };
}

export interface Guarded extends Program {
  /** Where Multus keeps what was given to pods. */
  readonly results: string;
}

export function createGuarded(environment: Readonly<Record<string, string>> = {}): Guarded {
  const node = createNode({}, 11, environment);
  const results = `${node.directory}/results`;
  writeConfig(node, 'config.json', configText(guarding(results)));
  mkdirSync(results);
  return { ...node, results };
}

/**
 * Attaches a pod as the bridge plugin does, which makes the bridge where there is none. The node's end of its `eth0` is
 * called like the port, with `cali` before.
 */
export function attach({ namespace }: Program, port: string, bridge = ENTRY): Namespace {
  const pod = createNamespace();
  join(namespace, `cali${port}`, pod, 'eth0');
  join(namespace, port, pod, 'net1');
  run(
    namespace,
    `ip link show ${bridge} >/dev/null 2>&1 || ip link add name ${bridge} type bridge
      ip link set ${bridge} up && ip link set ${port} mtu 1450 master ${bridge}`,
  );
  return pod;
}

export interface Given {
  readonly network?: string;
  readonly namespace?: string;
  readonly mac?: string;
  readonly addresses?: readonly string[];
  readonly args?: object;
}

/** What libcni notes of a pod: a line of JSON. */
export function noted(port: string, given: Given = {}): string {
  const { network = 'egress.vpn', namespace = 'apps', mac = '02:00:00:00:00:11', args } = given;
  const { addresses = ['192.168.50.16/24', 'fd00:50::16/64'] } = given;
  const plugins = [{ type: 'bridge', bridge: ENTRY, ...(args && { args: { cni: args } }) }];
  return JSON.stringify({
    kind: 'cniCacheV1',
    containerId: port,
    config: Buffer.from(JSON.stringify({ cniVersion: '1.0.0', name: network, plugins })).toString('base64'),
    ifName: 'net1',
    networkName: network,
    cniArgs: [
      ['IgnoreUnknown', 'true'],
      ['K8S_POD_NAMESPACE', namespace],
      ['K8S_POD_NAME', `pod-${port}`],
    ],
    result: {
      interfaces: [{ name: ENTRY }, { mac: '0a:00:00:00:00:01', name: port }, { mac, name: 'net1', sandbox: '/x' }],
      ips: addresses.map((address) => ({ address, interface: 2 })),
    },
  });
}

export function give({ results }: Guarded, port: string, given: Given = {}): void {
  writeFileSync(`${results}/${given.network ?? 'egress.vpn'}-${port}-net1`, noted(port, given));
}

export const isOpen = (node: Program, port: string) => / master gwvpn .*group 10000007 /.test(link(node, port));
