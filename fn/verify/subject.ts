import type { V1ConfigMap, V1DaemonSet, V1Deployment, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import type { Observation } from '../cluster/observation.ts';
import { AGENT_CONFIG, type Primary } from '../node/config/agent-config.ts';
import { ROUTER_CONFIG, type RouterConfig } from '../node/config/router-config.ts';
import { Misfit, type Shape } from '../node/config/shape.ts';
import { configMapOf } from '../status/member.ts';
import type { NetworkStatus } from '../status/network-status.ts';
import { componentOf, labelOf, ownedBy } from '../status/owner.ts';

/** The pod of a router, and its node. */
export interface RouterPod {
  readonly pod: string;
  readonly node: string;
}

/** A network that is tested, as its objects in the cluster tell of it. */
export interface Subject {
  readonly namespace: string;
  readonly name: string;
  /** What pods request, as `namespace/name`. */
  readonly attachment: string;
  /** The node image. */
  readonly image: string;
  /** Those whose agents are ready, that of the active router first. */
  readonly nodes: readonly string[];
  readonly gateways: readonly string[];
  readonly mtu: number;
  /** What clients may send by `eth0`; nothing where no agent holds them to it. */
  readonly limits: Primary | undefined;
  readonly isolated: boolean;
  /** The cluster's domain, where the gateway has a name server. */
  readonly resolver: { readonly clusterDomain: string } | undefined;
  readonly egress: RouterConfig['egress']['type'];
  /** The addresses of routers on another network by which packets leave, if that is known. */
  readonly egressAddresses: readonly string[];
  /** Nothing where none is known to be active. */
  readonly active: RouterPod | undefined;
}

/** What is tested, or why that is not possible. */
export type Found = { readonly subject: Subject } | { readonly refusal: string };

export function subjectOf(status: NetworkStatus, observation: Observation): Found {
  const { attachments, daemonSets, deployments, configMaps } = observation;
  const label = labelOf(status);
  const [agents] = ownedBy(status, daemonSets);
  const [router] = ownedBy(status, deployments).filter((one) => componentOf(one) === 'router');
  if (router === undefined) return { refusal: `the network ${label} has no router: apply all manifests` };
  const attachment = attachmentOf(status, attachments);
  if (attachment === undefined) {
    return { refusal: `the network ${label} has no NetworkAttachmentDefinition with a pool: pods of a test need one` };
  }
  try {
    const routerConfig = configOf(ROUTER_CONFIG, router, configMaps);
    const limits = agents && configOf(AGENT_CONFIG, agents, configMaps).primary;
    const isolated = dataOf(agents, configMaps)?.['rules.nft']?.includes('"client-isolation"') === true;
    const image = imageOf(agents ?? router);
    const subject = { namespace: status.namespace, name: status.name, attachment, image, limits, isolated };
    return { subject: { ...subject, ...placesOf(status), ...factsOf(routerConfig) } };
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return { refusal: `the network ${label} cannot be read: ${error.message}; test it with the release that it is of` };
  }
}

/** What the configuration of routers says. */
function factsOf({ gateways, mtu, resolver, egress, failover, routers }: RouterConfig) {
  const addresses = failover?.egressAddresses ?? routers.flatMap(({ egressAddresses }) => egressAddresses);
  const egressAddresses = addresses.map((address) => address.replace(/\/.*$/, ''));
  return { gateways, mtu, resolver, egress: egress.type, egressAddresses };
}

/** Where the active router and the other parts of the network run. */
function placesOf({ agents, routers }: NetworkStatus): Pick<Subject, 'active' | 'nodes'> {
  const [first] = routers.filter((one) => one.active === true).flatMap(({ pods }) => pods.filter(({ ready }) => ready));
  const active = first?.node === undefined ? undefined : { pod: first.pod, node: first.node };
  const members = agents?.pods.filter(({ ready }) => ready) ?? routers.flatMap(({ pods }) => pods);
  const all = new Set(members.flatMap(({ node }) => node ?? []));
  const ofRouter = active && all.has(active.node) ? [active.node] : [];
  return { active, nodes: [...new Set([...ofRouter, ...all])] };
}

type Workload = V1DaemonSet | V1Deployment;

function templateOf(workload: Workload | undefined): V1PodSpec | undefined {
  return workload?.spec?.template.spec;
}

function imageOf(workload: Workload): string {
  return templateOf(workload)?.containers[0]?.image ?? '';
}

function dataOf(workload: Workload | undefined, configMaps: readonly V1ConfigMap[]): V1ConfigMap['data'] {
  const name = configMapOf(templateOf(workload));
  const found = configMaps.find(
    ({ metadata }) => metadata?.name === name && metadata?.namespace === workload?.metadata?.namespace,
  );
  return found?.data;
}

function configOf<T>(shape: Shape<T>, workload: Workload, configMaps: readonly V1ConfigMap[]): T {
  const text = dataOf(workload, configMaps)?.['config.json'];
  if (text === undefined) throw new Misfit('a ConfigMap is missing');
  try {
    return shape.check(JSON.parse(text), 'config.json: ');
  } catch (error) {
    if (error instanceof SyntaxError) throw new Misfit(`config.json: ${error.message}`);
    throw error;
  }
}

/** The attachment with the pool: it has the network's name, in the network's namespace or in one of its clients. */
function attachmentOf(network: NetworkStatus, attachments: Observation['attachments']): string | undefined {
  const pooled = ownedBy(network, attachments)
    .filter((one) => componentOf(one) === 'network' && one.metadata?.name === network.name)
    .map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);
  const own = labelOf(network);
  return pooled.includes(own) ? own : pooled[0];
}

/** The addresses of a pod on the primary network. */
export function addressesOf({ status }: V1Pod): readonly string[] {
  return (status?.podIPs ?? []).flatMap(({ ip }) => ip ?? []);
}
