import type { V1Node } from '@kubernetes/client-node';
import type { Facts } from '../cluster/facts.ts';
import { itemsOf } from './check.ts';

/** A distribution of Kubernetes, by the name that it gives itself; nothing where none is recognised. */
export type Platform =
  | 'AKS'
  | 'EKS'
  | 'GKE'
  | 'k0s'
  | 'k3s'
  | 'kind'
  | 'kubeadm'
  | 'MicroK8s'
  | 'minikube'
  | 'OpenShift'
  | 'RKE2'
  | 'Talos';

type Signs = (facts: Facts, nodes: readonly V1Node[]) => boolean;

const hasLabel =
  (label: string): Signs =>
  (_, nodes) =>
    nodes.some(({ metadata }) => metadata?.labels?.[label] !== undefined);
const hasProvider =
  (prefix: string): Signs =>
  (_, nodes) =>
    nodes.some(({ spec }) => spec?.providerID?.startsWith(prefix));
/** What a distribution adds to the release of Kubernetes. */
const isBuild =
  (suffix: string): Signs =>
  ({ version }) =>
    version.includes(suffix);

/** By what each is known, the more particular first: several are set up by kubeadm. */
const SIGNS: readonly (readonly [Platform, Signs])[] = [
  [
    'OpenShift',
    ({ customKinds }) =>
      itemsOf(customKinds).some(({ metadata }) => metadata?.name === 'clusterversions.config.openshift.io'),
  ],
  ['GKE', isBuild('-gke.')],
  ['EKS', isBuild('-eks-')],
  ['AKS', hasLabel('kubernetes.azure.com/cluster')],
  ['RKE2', isBuild('+rke2')],
  ['k3s', isBuild('+k3s')],
  ['k0s', isBuild('+k0s')],
  ['MicroK8s', hasLabel('microk8s.io/cluster')],
  ['Talos', (_, nodes) => nodes.some(({ status }) => status?.nodeInfo?.osImage.startsWith('Talos'))],
  ['kind', hasProvider('kind://')],
  ['minikube', hasLabel('minikube.k8s.io/name')],
  ['kubeadm', ({ configMaps }) => itemsOf(configMaps).some(({ metadata }) => metadata?.name === 'kubeadm-config')],
];

export function platformOf(facts: Facts): Platform | undefined {
  return SIGNS.find(([, has]) => has(facts, itemsOf(facts.nodes)))?.[0];
}
