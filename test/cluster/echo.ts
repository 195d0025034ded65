import type { V1Service } from '@kubernetes/client-node';
import { startEchoServer } from '../datapath/bed/traffic.ts';
import type { Cluster } from './cluster.ts';
import { BUSYBOX } from './cluster-images.ts';
import { install } from './installation.ts';
import { pods } from './pods.ts';
import { stream } from './stream.ts';

/** A pod that answers, and its Service. */
export interface Echo {
  /** Of the pod, one for each family of the primary network. */
  readonly pod: readonly string[];
  /** Of the Service, for the same families. */
  readonly service: readonly string[];
  /** The name of the Service. */
  readonly host: string;
}

/** Runs a pod with an echo server in the namespace "default", with its name as the label "app". */
export async function startEcho(cluster: Cluster, name: string): Promise<Echo> {
  const labels = { app: name };
  const port = 8080;
  const container = { name, image: BUSYBOX, command: ['sleep', 'infinity'] };
  await install(
    cluster,
    stream([
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name },
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: {
          selector: labels,
          ipFamilyPolicy: 'PreferDualStack',
          ports: ['UDP', 'TCP'].map((protocol) => ({ name: protocol.toLowerCase(), port, protocol })),
        },
      },
    ]),
  );
  const [pod] = await pods(cluster, 'default', `app=${name}`);
  if (pod === undefined) throw new Error(`the pod ${name} does not run`);
  await startEchoServer(pod.namespace);
  const addresses = pod.addresses('eth0');
  const { spec } = JSON.parse(await cluster.kubectl(['get', 'service', name, '-o', 'json'])) as V1Service;
  return {
    pod: addresses,
    service: spec?.clusterIPs?.slice(0, addresses.length) ?? [],
    host: `${name}.default.svc.cluster.local`,
  };
}
