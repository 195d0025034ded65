import type { V1Node } from '@kubernetes/client-node';
import type { Facts } from '../cluster/facts.ts';
import { ADDRESS_BITS, parseAddress } from '../net/address.ts';
import { type Cidr, parseCidr } from '../net/cidr.ts';
import { itemsOf, unseenAmong } from './check.ts';
import { configMap, flannelConfig } from './config-maps.ts';

/** A network of the cluster, and the object that it is known from. */
export interface ClusterNetwork {
  readonly of: 'pods' | 'Services' | 'nodes';
  readonly cidr: Cidr;
  /** As it is written there. */
  readonly text: string;
  readonly source: string;
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

/** Why some of them may be missing; nothing where all that tells of them is seen. */
export function unseenNetworks({ nodes, configMaps, ipPools, serviceCidrs }: Facts): string | undefined {
  return unseenAmong({ nodes, ConfigMaps: configMaps, 'IPPools of Calico': ipPools, ServiceCIDRs: serviceCidrs });
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
    (status?.podIPs ?? []).flatMap(({ ip }) => networks('pods', ip, `Pod ${metadata?.namespace}/${metadata?.name}`)),
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

/** ServiceCIDRs are there since Kubernetes 1.33; before, kubeadm and the Services themselves tell. */
function serviceNetworks(facts: Facts): readonly ClusterNetwork[] {
  const given = itemsOf(facts.serviceCidrs).flatMap(({ metadata, spec }) =>
    (spec?.cidrs ?? []).flatMap((text) => networks('Services', text, `ServiceCIDR ${metadata?.name}`)),
  );
  if (given.length > 0) return given;
  const kubeadm = /^ *serviceSubnet: *"?([^"\s]+)/m.exec(
    configMap(facts, 'kubeadm-config')?.data?.['ClusterConfiguration'] ?? '',
  );
  if (kubeadm !== null) return networks('Services', kubeadm[1], 'ConfigMap kubeadm-config');
  return itemsOf(facts.services).flatMap(({ metadata, spec }) =>
    (spec?.clusterIPs ?? []).flatMap((text) =>
      networks('Services', text, `Service ${metadata?.namespace}/${metadata?.name}`),
    ),
  );
}

/** Those of a list with commas or spaces; an address is a network of its own. */
function networks(of: ClusterNetwork['of'], texts: string | undefined, source: string): readonly ClusterNetwork[] {
  return (texts ?? '').split(/[\s,]+/).flatMap((text) => {
    const address = parseAddress(text);
    const cidr =
      address === undefined
        ? parseCidr(text)
        : { family: address.family, base: address.value, length: ADDRESS_BITS[address.family] };
    return cidr === undefined ? [] : [{ of, cidr, text, source }];
  });
}
