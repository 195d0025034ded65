import { ADDRESS_BITS, FAMILIES, formatAddress, parseAddress } from '../net/address.ts';
import { parseCidr, parseLooseCidr } from '../net/cidr.ts';
import { routerAddress } from '../net/router-block.ts';
import type { EgressPlan, FailoverPlan, RouterPlan } from './gateway-plan.ts';
import { cniName, routerMac, routerName } from './names.ts';
import type { SubnetPlan } from './network-plan.ts';

export interface RouterOptions {
  readonly name: string;
  readonly namespace: string;
  readonly subnets: readonly SubnetPlan[];
  readonly replicas: number;
  /** Addresses on the network of the egress, of each family one for each router. */
  readonly egressAddresses: readonly string[];
  readonly egress: EgressPlan;
}

/**
 * The only router holds the gateway's addresses themselves, and those that clients share on the egress; of several each has its own,
 * behind the gateway's in the block.
 */
export function planRouters(options: RouterOptions): readonly RouterPlan[] {
  const { name, namespace, subnets, replicas, egressAddresses, egress } = options;
  const shared = replicas === 1 ? sharedAddresses(egress, egressAddresses) : [];
  return Array.from({ length: replicas }, (_, index) => ({
    name: routerName(name, index),
    cniName: cniName(namespace, routerName(name, index)),
    index,
    addresses: subnets.map((subnet) => withPrefix(subnet, replicas === 1 ? subnet.gateway : ownAddress(subnet, index))),
    mac: routerMac(name, namespace, index),
    egressAddresses: [...ownAddresses(egressAddresses, index), ...shared],
  }));
}

/** The addresses of one router on the egress, at most one of each family, IPv4 first. */
function ownAddresses(all: readonly string[], index: number): readonly string[] {
  return FAMILIES.flatMap((family) => {
    const own = all.filter((text) => parseLooseCidr(text)?.family === family)[index];
    return own === undefined ? [] : [own];
  });
}

/** What clients share on the egress, with the prefix length of the routers' own addresses. */
function sharedAddresses(egress: EgressPlan, own: readonly string[]): readonly string[] {
  if (egress.type !== 'Network') return [];
  const networks = own.map(parseLooseCidr).filter((network) => network !== undefined);
  return egress.snatAddresses.map(({ family, address }) => {
    const home = networks.find((network) => network.family === family);
    return `${address}/${home?.length ?? ADDRESS_BITS[family]}`;
  });
}

/** What moves between the routers where there are several. */
export function planFailover(
  routers: readonly RouterPlan[],
  subnets: readonly SubnetPlan[],
  egress: EgressPlan,
): FailoverPlan {
  if (routers.length === 1) return { type: 'None' };
  const shared = sharedAddresses(
    egress,
    routers.flatMap(({ egressAddresses }) => egressAddresses),
  );
  return {
    type: 'VRRP',
    overlay: subnets.map((subnet) => moving(withPrefix(subnet, subnet.gateway))),
    egress: shared.map(moving),
    synchronised: shared.length > 0,
  };
}

/**
 * An address that comes and goes beside one that stays. In IPv6 alone, since the kernel has one route to the network for both, which
 * would go with it (kernel: addrconf, cleanup_prefix_route); in IPv4 it is secondary to the one that stays.
 */
function moving(withLength: string): string {
  const [address = ''] = withLength.split('/');
  return parseAddress(address)?.family === 'IPv6' ? `${address}/${ADDRESS_BITS.IPv6}` : withLength;
}

function ownAddress({ cidr, gateway }: SubnetPlan, index: number): string {
  const [network, address] = [parseCidr(cidr), parseAddress(gateway)];
  const own = network && address && routerAddress(network, address.value, index);
  if (own === undefined) throw new Error(`subnet ${cidr} has no address for router ${index}: it was not validated`);
  return formatAddress(own);
}

function withPrefix({ prefixLength }: SubnetPlan, address: string): string {
  return `${address}/${prefixLength}`;
}
