import type { KubernetesObject } from '../krm/input.ts';
import type { NetworkPlan, Route, RouterPlan, SubnetPlan } from '../plan/network-plan.ts';
import { formatCNIConfig } from './cni-config.ts';
import { metadata } from './metadata.ts';

/** The object that Multus reads (de-facto standard v1.3, section 3.2). */
export interface NetworkAttachmentDefinition extends KubernetesObject {
  /** The CNI configuration, as JSON text. */
  readonly spec: { readonly config: string };
}

/** Set by the tuning plugin in the pod's network namespace, which needs no privilege in the pod (kernel: ip-sysctl). */
const FORWARDING = {
  IPv4: {
    'net.ipv4.ip_forward': '1',
    // Loose: replies may come from an interface that is not the best way back.
    'net.ipv4.conf.all.rp_filter': '2',
    'net.ipv4.conf.all.send_redirects': '0',
  },
  IPv6: { 'net.ipv6.conf.all.forwarding': '1' },
};

/** The clients' attachment: an address of the pool, and the routes to the gateway. */
export function clientAttachment(plan: NetworkPlan): NetworkAttachmentDefinition {
  const routes = plan.clientRoutes.map(cniRoute);
  const ipam =
    plan.ipam === 'Whereabouts'
      ? { type: 'whereabouts', ipRanges: plan.subnets.map(whereaboutsRange), routes }
      : { type: 'host-local', ranges: plan.subnets.map(hostLocalRanges), routes };
  return attachment(plan, 'network', plan.names.clientAttachment, plan.names.clientCNI, [
    { type: 'bridge', bridge: plan.bridge, mtu: plan.mtu, ipam },
  ]);
}

/** A router's attachment: its fixed addresses and MAC, and the sysctls that make it forward. */
export function routerAttachment(plan: NetworkPlan, router: RouterPlan): NetworkAttachmentDefinition {
  const addresses = router.addresses.map((address) => ({ address }));
  const sysctl = Object.assign({}, ...plan.subnets.map((subnet) => FORWARDING[subnet.family]));
  return attachment(plan, 'router', router.name, router.cniName, [
    {
      type: 'bridge',
      bridge: plan.bridge,
      mtu: plan.mtu,
      args: { cni: { mac: router.mac } },
      ipam: { type: 'static', addresses },
    },
    { type: 'tuning', sysctl },
  ]);
}

function attachment(
  plan: NetworkPlan,
  component: 'network' | 'router',
  name: string,
  cniName: string,
  plugins: readonly object[],
): NetworkAttachmentDefinition {
  return {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: metadata(plan, component, name),
    spec: { config: formatCNIConfig({ name: cniName, plugins }) },
  };
}

/** No `gateway` beside the ranges: whereabouts would give it to the routes of both families. */
function whereaboutsRange({ cidr, pool, poolGaps }: SubnetPlan): object {
  return {
    range: cidr,
    range_start: pool[0]?.first,
    range_end: pool.at(-1)?.last,
    ...(poolGaps.length > 0 && { exclude: poolGaps }),
  };
}

function hostLocalRanges({ cidr, pool }: SubnetPlan): readonly object[] {
  return pool.map(({ first, last }) => ({ subnet: cidr, rangeStart: first, rangeEnd: last }));
}

function cniRoute(route: Route): object {
  return route.type === 'Gateway' ? { dst: route.destination, gw: route.gateway } : { dst: route.destination };
}
