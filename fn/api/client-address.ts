import { formatAddress } from '../net/address.ts';
import { lastOf } from '../net/cidr.ts';
import { routerBlock } from '../net/router-block.ts';
import { fault, type Fault } from './fault.ts';
import type { GatewayNetwork } from './generated/gateway-network.ts';
import { type HostAddress, readHostAddress } from './host-address.ts';
import { type Subnet, subnetsOf } from './subnet.ts';

type UsableAddress = Extract<HostAddress, { readonly fault: undefined }>;

/** An address of a client, and where and how it is written. */
export interface ClientAddress extends UsableAddress {
  readonly path: string;
  readonly text: string;
}

/**
 * The faults of the addresses of one client, and the subnets that contain one. `check` gets the
 * valid host addresses.
 */
export function checkClientAddresses(
  path: string,
  texts: readonly string[],
  network: GatewayNetwork,
  check: (address: ClientAddress) => readonly Fault[],
): { readonly faults: readonly Fault[]; readonly subnets: ReadonlySet<Subnet['text']> } {
  const held = new Map<Subnet['text'], string>();
  const subnets = subnetsOf(network);
  const faults = texts.flatMap((text, index) => {
    const where = `${path}[${index}]`;
    const read = readHostAddress(where, text, subnets, (cidr) => routerBlock(cidr).last + 1n);
    if (read.fault) return [read.fault];
    const same = held.get(read.subnet.text);
    held.set(read.subnet.text, where);
    if (same === undefined) return [...lastAddress(where, text, read), ...check({ ...read, path: where, text })];
    const because = 'a pod has one address in each';
    return [fault('InvalidAddress', where, text, `be removed or lie in another subnet than \`${same}\``, { because })];
  });
  return { faults, subnets: new Set(held.keys()) };
}

/** whereabouts treats the last address of an IPv6 subnet as a broadcast address, too, and assigns another. */
function lastAddress(path: string, text: string, { address, subnet: { cidr } }: UsableAddress): readonly Fault[] {
  if (address.value !== lastOf(cidr)) return [];
  const proposed = formatAddress({ family: address.family, value: address.value - 1n });
  const because = 'whereabouts gives no pod the last address of a subnet';
  return [fault('InvalidAddress', path, text, `be another address, such as "${proposed}"`, { because, proposed })];
}
