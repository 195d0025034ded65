import type { Network } from '../api/network.ts';
import { ADDRESS_BITS, FAMILIES } from '../net/address.ts';
import type { InterfaceAddress } from '../net/interface-address.ts';
import { mapAll, type NonEmpty } from '../net/non-empty.ts';
import { routerAddress } from '../net/router-block.ts';
import type { FailoverPlan, RouterPlan } from './gateway-plan.ts';
import { cniName, routerMac, routerName } from './names.ts';

/**
 * A single router has the gateway's addresses, and the shared ones on the egress. Each of several routers has its
 * own, next to the gateway's in the block.
 */
export function planRouters(network: Network): NonEmpty<RouterPlan> {
  const { name, namespace, subnets, gateway } = network;
  const isOnly = gateway.replicas === 1;
  const router = (index: number): RouterPlan => ({
    name: routerName(name, index),
    cniName: cniName(namespace, routerName(name, index)),
    index,
    addresses: isOnly
      ? gatewayAddresses(network)
      : mapAll(subnets, (subnet) => ({
          ...routerAddress(subnet.cidr, subnet.gateway, index),
          length: subnet.cidr.length,
        })),
    mac: routerMac(name, namespace, index),
    egressAddresses: [...egressAddresses(network, index), ...(isOnly ? sharedAddresses(network) : [])],
  });
  return [router(0), ...Array.from({ length: gateway.replicas - 1 }, (_, index) => router(index + 1))];
}

function gatewayAddresses({ subnets }: Network): NonEmpty<InterfaceAddress> {
  return mapAll(subnets, ({ cidr, gateway }) => ({ ...gateway, length: cidr.length }));
}

/** The addresses of one router on the egress, at most one of each family, IPv4 first. */
function egressAddresses({ gateway: { egress } }: Network, index: number): readonly InterfaceAddress[] {
  if (egress.type !== 'Network') return [];
  return FAMILIES.flatMap((family) =>
    egress.addresses.filter((address) => address.family === family).slice(index, index + 1),
  );
}

/** What clients share on the egress. */
function sharedAddresses({ gateway: { egress } }: Network): readonly InterfaceAddress[] {
  return egress.type === 'Network' ? egress.snatAddresses : [];
}

/** The addresses that move between several routers. */
export function planFailover(network: Network): FailoverPlan {
  if (network.gateway.replicas === 1) return { type: 'None' };
  const shared = sharedAddresses(network);
  return {
    type: 'VRRP',
    overlay: mapAll(gatewayAddresses(network), moving),
    egress: shared.map(moving),
    synchronised: shared.length > 0,
  };
}

/**
 * An address that moves beside one that stays. In IPv6 alone, since the kernel has one route to
 * the network for both, which
 * would go with it (kernel: addrconf, cleanup_prefix_route); in IPv4 it is secondary to the one that stays.
 */
function moving(address: InterfaceAddress): InterfaceAddress {
  return address.family === 'IPv6' ? { ...address, length: ADDRESS_BITS.IPv6 } : address;
}
