import type { V1Node } from '@kubernetes/client-node';
import type { Facts } from '../cluster/facts.ts';
import { ADDRESS_BITS, parseAddress } from '../net/address.ts';
import { type Cidr, parseCidr } from '../net/cidr.ts';
import { textOf } from '../yaml/fields.ts';
import { itemsOf, listed, unseenAmong } from './check.ts';
import { configMap, flannelConfig } from './config-maps.ts';

/** A network of the cluster, and the object that it is known from. */
export interface ClusterNetwork {
  readonly of: 'pods' | 'Services' | 'nodes';
  readonly cidr: Cidr;
  /** As it is written there. */
  readonly text: string;
  readonly source: string;
  /** Whether it is the address of one of them, and not their network. */
  readonly isSample?: true;
}

/** The networks of a cluster's pods, Services and nodes, as far as its objects tell. */
export function clusterNetworks(facts: Facts): readonly ClusterNetwork[] {
  const nodes = itemsOf(facts.nodes);
  const own = ownPools(facts);
  return [
    // A CNI that has pools of its own does not use those that the nodes were given.
    ...(own.length > 0 ? own : ofPods(facts)),
    ...serviceNetworks(facts),
    ...nodes.flatMap(addressesOfNode),
  ];
}

/** Why some of them may be missing; nothing where all are known. */
export function unseenNetworks(facts: Facts, known: readonly ClusterNetwork[]): string | undefined {
  const { nodes, configMaps, ipPools, serviceCidrs } = facts;
  const answers = { nodes, ConfigMaps: configMaps, 'IPPools of Calico': ipPools, ServiceCIDRs: serviceCidrs };
  return unseenAmong(answers) ?? untoldKinds(known) ?? untoldNodes(facts);
}

const KINDS = ['pods', 'Services', 'nodes'] as const;

function untoldKinds(known: readonly ClusterNetwork[]): string | undefined {
  const missing = KINDS.filter((kind) => known.every(({ of }) => of !== kind));
  if (missing.length > 0) return `the networks of the ${missing.join(' and ')} are not told by any object`;
  const guessed = KINDS.filter((kind) => known.every(({ of, isSample }) => of !== kind || isSample === true));
  if (guessed.length > 0)
    return `of the networks of the ${guessed.join(' and ')}, only addresses that are used are told`;
  return undefined;
}

function untoldNodes(facts: Facts): string | undefined {
  const nodes = itemsOf(facts.nodes);
  const namesOf = (some: readonly V1Node[]) => listed(some.map(({ metadata }) => metadata?.name ?? ''));
  const hidden = nodes.filter((node) => addressesOfNode(node).length === 0);
  if (hidden.length > 0) return `the addresses of ${namesOf(hidden)} are not told`;
  const bare = ownPools(facts).length > 0 ? [] : nodes.filter((node) => podsOfNode(node).length === 0);
  if (bare.length > 0 && bare.length < nodes.length) return `the network of the pods of ${namesOf(bare)} is not told`;
  return undefined;
}

/** Pools of Cilium, Calico and OpenShift. */
function ownPools(facts: Facts): readonly ClusterNetwork[] {
  const cilium = configMap(facts, 'cilium-config')?.data ?? {};
  const ofCilium =
    (cilium['ipam'] ?? 'cluster-pool') === 'cluster-pool'
      ? [cilium['cluster-pool-ipv4-cidr'], cilium['cluster-pool-ipv6-cidr']]
      : [];
  const ofCalico = itemsOf(facts.ipPools).filter(({ spec }) => spec?.disabled !== true);
  const ofOpenShift = itemsOf(facts.openShiftNetworks).flatMap(({ spec }) => spec?.clusterNetwork ?? []);
  return [
    ...ofCilium.flatMap((text) => networks('pods', text, 'ConfigMap cilium-config')),
    ...ofCalico.flatMap(({ metadata, spec }) => networks('pods', spec?.cidr, `IPPool ${metadata?.name}`)),
    ...ofOpenShift.flatMap(({ cidr }) => networks('pods', cidr, 'Network cluster of OpenShift')),
    ...flannelPools(facts),
  ];
}

function flannelPools(facts: Facts): readonly ClusterNetwork[] {
  return ['kube-flannel-cfg', 'canal-config'].flatMap((name) => {
    const { Network, IPv6Network } = flannelConfig(facts, name) ?? {};
    return [Network, IPv6Network].flatMap((text) => networks('pods', text, `ConfigMap ${name}`));
  });
}

/** By the subnets of the nodes; where they have none, by the pods themselves. */
function ofPods({ nodes, pods }: Facts): readonly ClusterNetwork[] {
  const given = itemsOf(nodes).flatMap(podsOfNode);
  if (given.length > 0) return given;
  return itemsOf(pods).flatMap(({ metadata, status }) =>
    (status?.podIPs ?? []).flatMap(({ ip }) => sample('pods', ip, `Pod ${metadata?.namespace}/${metadata?.name}`)),
  );
}

function podsOfNode({ metadata, spec }: V1Node): readonly ClusterNetwork[] {
  return (spec?.podCIDRs ?? []).flatMap((text) => networks('pods', text, `Node ${metadata?.name}`));
}

function addressesOfNode({ metadata, status }: V1Node): readonly ClusterNetwork[] {
  return (status?.addresses ?? [])
    .filter(({ type }) => type === 'InternalIP')
    .flatMap(({ address }) => networks('nodes', address, `Node ${metadata?.name}`));
}

/** ServiceCIDRs are there since Kubernetes 1.33; before, OpenShift, kubeadm and the Services themselves tell. */
function serviceNetworks(facts: Facts): readonly ClusterNetwork[] {
  const given = itemsOf(facts.serviceCidrs).flatMap(({ metadata, spec }) =>
    (spec?.cidrs ?? []).flatMap((text) => networks('Services', text, `ServiceCIDR ${metadata?.name}`)),
  );
  const ofOpenShift = itemsOf(facts.openShiftNetworks).flatMap(({ spec }) =>
    (spec?.serviceNetwork ?? []).flatMap((text) => networks('Services', text, 'Network cluster of OpenShift')),
  );
  if (given.length + ofOpenShift.length > 0) return [...given, ...ofOpenShift];
  const kubeadm = /^ *serviceSubnet: *"?([^"\s]+)/m.exec(
    configMap(facts, 'kubeadm-config')?.data?.['ClusterConfiguration'] ?? '',
  );
  if (kubeadm !== null) return networks('Services', kubeadm[1], 'ConfigMap kubeadm-config');
  return itemsOf(facts.services).flatMap(({ metadata, spec }) =>
    (spec?.clusterIPs ?? []).flatMap((text) =>
      sample('Services', text, `Service ${metadata?.namespace}/${metadata?.name}`),
    ),
  );
}

function sample(of: ClusterNetwork['of'], address: unknown, source: string): readonly ClusterNetwork[] {
  return networks(of, address, source).map((one) => ({ ...one, isSample: true }));
}

/** Those of a list with commas or spaces; an address is a network of its own. */
function networks(of: ClusterNetwork['of'], texts: unknown, source: string): readonly ClusterNetwork[] {
  return textOf(texts)
    .split(/[\s,]+/)
    .flatMap((text) => {
      const address = parseAddress(text);
      const cidr =
        address === undefined
          ? parseCidr(text)
          : { family: address.family, base: address.value, length: ADDRESS_BITS[address.family] };
      return cidr === undefined ? [] : [{ of, cidr, text, source }];
    });
}
