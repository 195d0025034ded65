import type { Network } from '../api/network.ts';
import { networkOf } from '../net/cidr.ts';
import { subtract } from '../net/subtract.ts';
import type { EgressPlan, ResolverPlan } from './gateway-plan.ts';

/** The router's interface on the network; the Multus annotation asks for this name. */
export const OVERLAY_INTERFACE = 'net1';
/** The router's interface on the cluster's network; the container runtime names it so. */
export const PRIMARY_INTERFACE = 'eth0';
/** The router's interface on the network of its egress; the Multus annotation asks for this name. */
const EGRESS_INTERFACE = 'net2';
const WIREGUARD_INTERFACE = 'wg0';

export function planEgress({ gateway: { egress } }: Network): EgressPlan {
  switch (egress.type) {
    case 'ClusterNetwork':
      return { ...egress, interface: PRIMARY_INTERFACE };
    case 'VPN': {
      const { tunnel } = egress;
      return { ...egress, interface: tunnel.type === 'Container' ? tunnel.interface : WIREGUARD_INTERFACE };
    }
    case 'Network':
      return { ...egress, interface: EGRESS_INTERFACE, networks: subtract(egress.addresses.map(networkOf), []) };
  }
}

/** There is a resolver if a client uses it. */
export function planResolver({ clients, gateway: { upstreams } }: Network): ResolverPlan {
  return clients.some(({ dns }) => dns === 'Gateway')
    ? { type: 'Gateway', upstreams }
    : { type: 'None', unused: upstreams };
}
