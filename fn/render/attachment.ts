import type { KubernetesObject } from '../krm/input.ts';
import type { FixedPlan, NetworkPlan, Route, RouterPlan, SubnetPlan } from '../plan/network-plan.ts';
import { formatAddress } from '../net/address.ts';
import { formatCidr } from '../net/cidr.ts';
import { formatEnds } from '../net/range.ts';
import { type CNIConfig, formatCNIConfig } from './cni-config.ts';
import { egressSysctls } from './egress-sysctls.ts';
import { Row } from './json.ts';
import { metadata } from './metadata.ts';
import { OVERLAY_INTERFACE } from '../plan/gateway.ts';

/** The object that Multus reads (de-facto standard v1.3, section 3.2). */
export interface NetworkAttachmentDefinition extends KubernetesObject {
  /** The CNI configuration, as JSON text. */
  readonly spec: { readonly config: string };
}

/**
 * Set by the tuning plugin in the pod's network namespace, which needs no privilege in the pod
 * (kernel: ip-sysctl). What is said
 * of `all` goes for every interface only where it is the greater of the two (rp_filter); of redirects, one 1 is enough.
 */
const ROUTING = {
  IPv4: {
    'net.ipv4.ip_forward': '1',
    // Loose: replies may come from an interface that is not the best way back.
    'net.ipv4.conf.all.rp_filter': '2',
    'net.ipv4.conf.all.send_redirects': '0',
    [`net.ipv4.conf.${OVERLAY_INTERFACE}.send_redirects`]: '0',
    // The router announces its addresses when it sets its MAC.
    [`net.ipv4.conf.${OVERLAY_INTERFACE}.arp_notify`]: '1',
  },
  IPv6: {
    'net.ipv6.conf.all.forwarding': '1',
    [`net.ipv6.conf.${OVERLAY_INTERFACE}.ndisc_notify`]: '1',
    // Neighbours are looked for from the link-local address: at once, and not after a second of
    // duplicate address detection.
    [`net.ipv6.conf.${OVERLAY_INTERFACE}.accept_dad`]: '0',
  },
};

/** The clients' attachment: an address of the pool, and the routes to the gateway. */
export function clientAttachment(plan: NetworkPlan): NetworkAttachmentDefinition {
  const ipam =
    plan.ipam === 'Whereabouts'
      ? { type: 'whereabouts', ipRanges: plan.subnets.map(whereaboutsRange) }
      : { type: 'host-local', ranges: plan.subnets.map(hostLocalRanges) };
  return joining(plan, plan.names.clientAttachment, plan.names.clientCNI, ipam);
}

/**
 * The attachment of a client with fixed addresses, which are not in the pool: a pool of its own,
 * of one address in each subnet. So no
 * two pods have them at once, and no pod asks for others: the `static` plugin takes `ips` from a
 * pod's `cni-args`. In all else it is
 * the clients'.
 */
export function fixedAttachment(plan: NetworkPlan, fixed: FixedPlan): NetworkAttachmentDefinition {
  const ranges = fixed.addresses.map(({ address, subnet: { cidr, gateway } }) => ({
    subnet: formatCidr(cidr),
    address: formatAddress(address),
    gateway: formatAddress(gateway),
  }));
  const ipam =
    plan.ipam === 'Whereabouts'
      ? {
          type: 'whereabouts',
          // A pool of its own, or a pod that the shared one has given an address before gets that again.
          network_name: fixed.cniName,
          ipRanges: ranges.map(({ subnet, address }) => ({
            range: subnet,
            range_start: address,
            range_end: address,
          })),
        }
      : {
          type: 'host-local',
          // Named, or host-local reserves the first address of the subnet for it.
          ranges: ranges.map(({ subnet, address, gateway }) => [
            { subnet, rangeStart: address, rangeEnd: address, gateway },
          ]),
        };
  return joining(plan, fixed.attachment, fixed.cniName, ipam);
}

function joining(plan: NetworkPlan, name: string, cniName: string, addressing: object): NetworkAttachmentDefinition {
  const ipam = { ...addressing, routes: routeRows(plan.clientRoutes) };
  const bridge = { type: 'bridge', bridge: bridgeOf(plan), mtu: plan.mtu };
  // Isolation between clients on the entry bridge, by plugins since 1.7.0; with older ones only the rules isolate.
  const isolation = plan.isolated || isGuarded(plan) ? { portIsolation: true } : {};
  return attachment(plan, 'network', name, {
    name: cniName,
    // The plugin would look for the port where it has put it.
    ...(isGuarded(plan) && { disableCheck: true as const }),
    // No plugin that takes sysctls from a pod's `cni-args`, such as `tuning`.
    plugins: [{ ...bridge, ...isolation, ipam }],
  });
}

/**
 * A router's attachment: an interface without address, its MAC left to chance, and the sysctls that make the pod
 * forward. With an address, a router would forward without rules until its image is pulled. So it sets addresses and
 * MAC itself, once its rules are loaded. Plugins since 1.4.1 leave the interface down until then; older ones do not
 * know the key.
 */
export function routerAttachment(plan: NetworkPlan, router: RouterPlan): NetworkAttachmentDefinition {
  const sysctl = Object.assign({}, ...plan.subnets.map((subnet) => ROUTING[subnet.family]), egressSysctls(plan));
  return attachment(plan, 'router', router.name, {
    name: router.cniName,
    disableCheck: true,
    plugins: [
      // Where there is no `ipam` in the first, whereabouts logs an error for each pod that goes, with a Warning event.
      { type: 'bridge', bridge: bridgeOf(plan), mtu: plan.mtu, disableContainerInterface: true, ipam: {} },
      { type: 'tuning', sysctl },
    ],
  });
}

/** Whether an agent checks the addresses of a pod before it admits its port. */
function isGuarded({ agent }: NetworkPlan): boolean {
  return agent.type === 'DaemonSet';
}

function bridgeOf(plan: NetworkPlan): string {
  return isGuarded(plan) ? plan.entry : plan.bridge;
}

function attachment(
  plan: NetworkPlan,
  component: 'network' | 'router',
  name: string,
  config: CNIConfig,
): NetworkAttachmentDefinition {
  return {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: metadata(plan, component, name),
    spec: { config: formatCNIConfig(config) },
  };
}

/** No `gateway` beside the ranges: whereabouts would give it to the routes of both families. */
function whereaboutsRange({ cidr, poolSpan, poolGaps }: SubnetPlan): object {
  const [first, last] = formatEnds(poolSpan);
  return {
    range: formatCidr(cidr),
    range_start: first,
    range_end: last,
    ...(poolGaps.length > 0 && { exclude: poolGaps.map(formatCidr) }),
  };
}

function hostLocalRanges({ cidr, pool }: SubnetPlan): readonly object[] {
  return pool.map(formatEnds).map(([first, last]) => ({ subnet: formatCidr(cidr), rangeStart: first, rangeEnd: last }));
}

/** A destination a line: the on-link route of IPv6 with the halves by the gateway that come before it. */
function routeRows(routes: readonly Route[]): readonly Row[] {
  const rows: Route[][] = [];
  for (const route of routes) {
    const last = rows.at(-1);
    if (route.type === 'Gateway' && last?.[0]?.type === 'OnLink') last.push(route);
    else rows.push([route]);
  }
  return rows.map((row) => new Row(row.map(cniRoute)));
}

function cniRoute(route: Route): object {
  const dst = formatCidr(route.destination);
  return route.type === 'Gateway' ? { dst, gw: formatAddress(route.gateway) } : { dst };
}
