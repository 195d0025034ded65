import type { V1Deployment, V1PodTemplateSpec } from '@kubernetes/client-node';
import { tryRun } from '../agent/namespace.ts';
import { type Cluster, WEB } from './bed/cluster.ts';
import { CLUSTER_DOMAIN } from './bed/dns.ts';
import { example } from './bed/example.ts';
import { install, type Installation, nodeOf, untilReady, update } from './bed/installation.ts';
import type { NameServer } from './bed/name-server.ts';
import { type Pod, startPod } from './bed/pod.ts';
import { seenFrom } from './bed/underlay.ts';
import { VLAN } from './bed/vlan.ts';

export const GATEWAY = ['192.168.50.1', 'fd00:50::1'];
/** A name that only name servers outside know. */
export const OUTSIDE = { name: 'outside.example', addresses: ['198.51.100.7', '2001:db8:51::7'] };
export const RECORDS = OUTSIDE.addresses.map((address) => `${address} ${OUTSIDE.name}`);

const NETWORK = {
  subnets: ['192.168.50.0/24', 'fd00:50::/64'],
  'cluster.cidrs': ['10.244.0.0/16', '10.96.0.0/12', '172.18.0.0/16', 'fd00:10::/32'],
};
export const ASKING = { clients: [{ selector: { matchLabels: { egress: 'vpn' } }, dns: 'Gateway' }] };
export const BY_VLAN = {
  'gateway.egress': {
    type: 'Network',
    network: {
      attachment: { name: 'vlan' },
      addresses: ['10.99.0.11/24', 'fd00:99::11/64'],
      gateways: [VLAN.router.IPv4, VLAN.router.IPv6],
    },
  },
  'gateway.dns': { upstreams: [VLAN.server.IPv4, VLAN.server.IPv6] },
};
const ATTACHMENT = `---
apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: {name: vlan, namespace: egress}
spec:
  config: '{"cniVersion": "1.0.0", "name": "vlan", "plugins": [{"type": "macvlan", "master": "eth1", "mode": "bridge"}]}'
`;

export interface Scene extends Installation {
  readonly router: Pod;
  /** A pod of the client's Deployment as it is rendered, on the node without the router. */
  readonly client: Pod;
  /** Gives the router's pod the data of other fields. */
  readonly change: (fields: Readonly<Record<string, unknown>>) => void;
}

export async function prepare(cluster: Cluster, before: Readonly<Record<string, unknown>>): Promise<Scene> {
  const sourceOf = (fields: typeof before) => ATTACHMENT + example('multi-node', { ...NETWORK, ...fields });
  const installation = install(cluster, sourceOf(before), 2);
  cluster.dns.write([
    ...['IPv4', 'IPv6'].flatMap((_, index) => [`${WEB.addresses[index]} ${WEB.name}`]),
    ...cluster.nodes.map(({ addresses }) => `${addresses.IPv4} vpn-peers.egress.svc.${CLUSTER_DOMAIN}`),
  ]);
  await untilReady([...installation.agents, ...installation.routers]);
  const [router] = installation.routers;
  if (!router) throw new Error('there is no router');
  const workload = installation.manifests.deployments.find(({ metadata }) => metadata?.name === 'client');
  return {
    ...installation,
    router,
    client: startClient(installation, workload as V1Deployment),
    change: (fields) => void update(installation, sourceOf(fields), [router]),
  };
}

function startClient({ cluster, manifests }: Installation, { metadata, spec }: V1Deployment): Pod {
  return startPod(cluster, manifests, {
    node: nodeOf(cluster, 1),
    namespace: String(metadata?.namespace),
    template: spec?.template as V1PodTemplateSpec,
  });
}

/** The addresses that a pod finds for a name as any program in it does, in order of the text. */
export function lookUp(pod: Pod, name: string): readonly string[] {
  const { output } = pod.exec(['getent', 'ahosts', name]);
  const found = output.split('\n').map((line) => line.split(/\s/)[0] ?? '');
  return [...new Set(found.filter(Boolean))].toSorted();
}

/** What is answered to who asks one name server, with how long it took, in milliseconds. */
export function ask(
  namespace: string,
  name: string,
  server: string,
): { readonly answer: string; readonly took: number } {
  const started = Date.now();
  const answer = tryRun(namespace, `timeout 2 busybox nslookup ${name} ${server} 2>&1 || true`) ?? '';
  return { answer, took: Date.now() - started };
}

/** Who asked for the name outside. */
export function askers(servers: readonly NameServer[]): readonly string[] {
  const questions = servers.flatMap((server) => server.questions());
  return [...new Set(questions.map(({ from }) => from))].toSorted();
}

/** How many packets for the internet the nodes have sent by the cluster's own way. */
export const strays = ({ cluster }: Installation): number =>
  cluster.nodes.reduce((sum, { number }) => sum + seenFrom(cluster.underlay, number), 0);
