import { formatAddress } from '../net/address.ts';
import type { NetworkPlan } from './network-plan.ts';

/** The `dnsConfig` of a pod; the first search domain contains its namespace. */
export interface ClientDNS<Search> {
  readonly nameservers: readonly string[];
  readonly searches: readonly (string | Search)[];
  readonly options: readonly { readonly name: string; readonly value: string }[];
}

/** What the kubelet writes for `ClusterFirst`, except the name servers. `first` is the pod's own search domain. */
export function clientDNS<Search>(
  { subnets, clusterDomain }: NetworkPlan,
  first: (servicesDomain: string) => Search,
): ClientDNS<Search> {
  const services = `svc.${clusterDomain}`;
  return {
    nameservers: subnets.map(({ gateway }) => formatAddress(gateway)),
    searches: [first(services), services, clusterDomain],
    options: [{ name: 'ndots', value: '5' }],
  };
}
