import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../agent/namespace.ts';
import type { Cluster } from './cluster.ts';
import { SERVICES } from './control-plane.ts';
import { apply } from './installation.ts';
import type { Node } from './node.ts';
import { until } from './process.ts';
import { stream } from './stream.ts';

const SERVICE = 'vpn-peers';
const NAME = 'half';

/** Makes the name of a network's peers resolve to one node only, from now on and for every question. */
export async function answerHalf(cluster: Cluster, namespace: string, { addresses }: Node): Promise<void> {
  const { kubectl } = cluster;
  const inNamespace = ['-n', namespace];
  await kubectl([...inNamespace, 'patch', 'service', SERVICE, '--type=merge', '-p', '{"spec":{"selector":null}}']);
  // What the controllers made before they know. One of them mirrors Endpoints.
  const slices = ['endpointslices', '-l', `kubernetes.io/service-name=${SERVICE}`];
  await until('no address of the peers', 30, async () => {
    await kubectl([...inNamespace, 'delete', 'endpoints', SERVICE, '--ignore-not-found']);
    await kubectl([...inNamespace, 'delete', ...slices]);
    await sleep(1000);
    return (await kubectl([...inNamespace, 'get', ...slices, '-o', 'name'])) === '';
  });
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: NAME, namespace, labels: { 'kubernetes.io/service-name': SERVICE } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [addresses.IPv4] }],
    ports: [{ name: 'vxlan', protocol: 'UDP', port: 4799 }],
  };
  await kubectl(['apply', '-f', '-'], stream([slice]));
  await forgetAnswers(cluster, namespace);
}

/** Ends it. Answers of before are kept for half a minute. */
export async function answerWhole(cluster: Cluster, namespace: string, manifests: string): Promise<void> {
  await apply(cluster, manifests);
  await cluster.kubectl(['-n', namespace, 'delete', 'endpointslice', NAME]);
}

/** Has CoreDNS forget its answers, by a crash, and waits until the name resolves to one address. */
async function forgetAnswers({ nodes }: Cluster, namespace: string): Promise<void> {
  for (const node of nodes) node.run(['sh', '-c', 'pkill -KILL -x coredns; true']);
  const name = `${SERVICE}.${namespace}.svc.cluster.local`;
  const ask = `const asked = new (require('dns').promises.Resolver)({ timeout: 1000, tries: 1 });
    asked.setServers(['${SERVICES.dns}']);
    asked.resolve4('${name}').then((all) => console.log(all.length), () => console.log(0))`;
  const [node] = nodes;
  await until('one address of the peers', 30, async () => {
    const answer = node === undefined ? '' : run(node.namespace, `${process.execPath} -e "${ask}"`);
    return Number(answer) === 1;
  });
}
