import { type Namespace, run } from '../../agent/namespace.ts';
import type { ConfigList } from './cni.ts';

/**
 * What rewrites the source of packets that leave a node: one of the packet filters that a kernel
 * may hold side by side.
 */
export type Masquerade = 'iptables-nft' | 'iptables-legacy' | 'nftables';

/** A Service: its address, and the pod behind it. Of both families, on one port, over UDP and TCP. */
export interface Service {
  readonly addresses: readonly [string, string];
  readonly pods: readonly [string, string];
  readonly port: number;
}

/** The pods of the node with a number. */
export function podSubnets(number: number): readonly [string, string] {
  return [`10.244.${number}.0/24`, `fd00:10:244:${number}::/64`];
}

const ALL_PODS = ['10.244.0.0/16', 'fd00:10:244::/48'] as const;

/** The primary network of a pod as kindnet configures it: a pair of interfaces, and the node as the pod's router. */
export function primaryConfig(number: number, mtu: number): ConfigList {
  const ranges = podSubnets(number).map((subnet) => [{ subnet }]);
  const routes = [{ dst: '0.0.0.0/0' }, { dst: '::/0' }];
  return {
    cniVersion: '0.3.1',
    name: 'kindnet',
    plugins: [{ type: 'ptp', ipMasq: false, mtu, ipam: { type: 'host-local', ranges, routes } }],
  };
}

/** Makes a node a router for its pods, whose packets leave the cluster with its own source address, as kindnet does. */
export function installPrimaryNetwork(node: Namespace, masquerade: Masquerade): void {
  forwardPackets(node);
  const [IPv4, IPv6] = ALL_PODS;
  if (masquerade === 'nftables') {
    run(node, load('nft -f -', nftMasquerade()));
  } else {
    const family = masquerade.slice('iptables'.length);
    run(node, load(`iptables${family}-restore --noflush`, masqueradeAgent(IPv4)));
    run(node, load(`ip6tables${family}-restore --noflush`, masqueradeAgent(IPv6)));
  }
}

/** Sets what every node of Kubernetes has set before a primary network is there. */
export function forwardPackets(node: Namespace): void {
  run(node, 'sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.bridge.bridge-nf-call-iptables=1');
  run(node, 'sysctl -qw net.bridge.bridge-nf-call-ip6tables=1 net.bridge.bridge-nf-call-arptables=1');
}

/**
 * Lets a node's own packets and its pods' reach Services, and drops what conntrack takes for
 * invalid, as kube-proxy does.
 */
export function installServices(node: Namespace, services: readonly Service[]): void {
  for (const [index, restore] of ['iptables-nft-restore', 'ip6tables-nft-restore'].entries()) {
    const rules = services.flatMap(({ addresses, pods, port }) =>
      ['udp', 'tcp'].map((protocol) => {
        const pod = String(pods[index]);
        const target = pod.includes(':') ? `[${pod}]` : pod;
        return `-A KUBE-SERVICES -d ${addresses[index]} -p ${protocol} --dport ${port} -j DNAT --to-destination ${target}:${port}`;
      }),
    );
    const text = `*nat
:KUBE-SERVICES - [0:0]
-A PREROUTING -j KUBE-SERVICES
-A OUTPUT -j KUBE-SERVICES
${rules.join('\n')}
COMMIT
*filter
-A FORWARD -m conntrack --ctstate INVALID -j DROP
COMMIT
`;
    run(node, load(`${restore} --noflush`, text));
  }
}

function load(command: string, text: string): string {
  return `${command} <<'END'\n${text}END`;
}

function masqueradeAgent(pods: string): string {
  return `*nat
:KIND-MASQ-AGENT - [0:0]
-A POSTROUTING -m addrtype ! --dst-type LOCAL -j KIND-MASQ-AGENT
-A KIND-MASQ-AGENT -d ${pods} -j RETURN
-A KIND-MASQ-AGENT -j MASQUERADE
COMMIT
`;
}

function nftMasquerade(): string {
  return `table inet snat_of_cni {
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		fib daddr type local return
		ip daddr ${ALL_PODS[0]} return
		ip6 daddr ${ALL_PODS[1]} return
		masquerade
	}
}
`;
}
