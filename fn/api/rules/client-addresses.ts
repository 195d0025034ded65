import type { Address } from '../../net/address.ts';
import { parseRange, type Range } from '../../net/range.ts';
import { routerBlock } from '../../net/router-block.ts';
import { checkClientAddresses } from '../client-address.ts';
import { hasClientAddress } from '../client-pool.ts';
import { fault, type Fault } from '../fault.ts';
import { gatewayAddress } from '../gateway-address.ts';
import type { GatewayNetwork } from '../generated/gateway-network.ts';
import { subnetsOf, type Subnet } from '../subnet.ts';
import type { Rule } from './rule.ts';

/** Fixed addresses of clients are unique host addresses, one in each subnet, and leave addresses for other clients. */
export const clientAddresses: Rule = {
  reads: ['spec.subnets', 'spec.gatewayAddresses', 'spec.reserved', 'spec.clients'],
  checkNetwork: (network) => {
    const subnets = subnetsOf(network);
    if (subnets.length < network.spec.subnets.length) return [];
    const owners = new Map<string, string>();
    const faults = (network.spec.clients ?? []).flatMap(({ addresses }, index) =>
      addresses === undefined ? [] : entryFaults(`spec.clients[${index}].addresses`, addresses, network, owners),
    );
    return faults.length > 0 ? faults : fullSubnets(network, subnets);
  },
};

function entryFaults(
  path: string,
  texts: readonly string[],
  network: GatewayNetwork,
  owners: Map<string, string>,
): readonly Fault[] {
  const { faults, subnets } = checkClientAddresses(path, texts, network, ({ path: where, text, address, subnet }) => {
    const owner = owners.get(keyOf(address));
    if (owner !== undefined) return [fault('Collision', where, text, `be another address than \`${owner}\``)];
    owners.set(keyOf(address), where);
    return taken(where, text, address, subnet, network);
  });
  const missing = subnetsOf(network).filter(({ text }) => !subnets.has(text));
  if (faults.length > 0) return faults;
  return missing.map(({ text }) =>
    fault('InvalidAddress', path, texts, `have an address in "${text}" too`, {
      because: 'a pod with a fixed address gets none from the pool',
    }),
  );
}

/** Addresses that belong to routers. */
function taken(
  path: string,
  text: string,
  address: Address,
  { cidr, text: subnet }: Subnet,
  { spec }: GatewayNetwork,
): readonly Fault[] {
  const block = routerBlock(cidr);
  const because = [
    ...(address.value === gatewayAddress(cidr, spec.gatewayAddresses).value
      ? ['it is the address of the gateway']
      : []),
    ...(address.value <= block.last
      ? [`the first ${block.last - block.first + 1n} addresses of ${subnet} are kept free for routers`]
      : []),
  ];
  return because
    .slice(0, 1)
    .map((reason) => fault('InvalidAddress', path, text, 'be an address that clients may have', { because: reason }));
}

/** Subnets whose last free addresses are fixed ones. Another rule checks reserved addresses. */
function fullSubnets({ spec }: GatewayNetwork, subnets: readonly Subnet[]): readonly Fault[] {
  const gateways = spec.gatewayAddresses ?? [];
  const reserved = (spec.reserved ?? []).map(parseRange).filter((range) => range !== undefined);
  const fixed = (spec.clients ?? []).flatMap(({ addresses }) => addresses ?? []).map(parseRange);
  const all: readonly Range[] = [...reserved, ...fixed.filter((range) => range !== undefined)];
  return subnets
    .filter(({ cidr }) => hasClientAddress(cidr, gateways, reserved) && !hasClientAddress(cidr, gateways, all))
    .map(({ text }) => ({
      code: 'InvalidAddress',
      path: 'spec.clients',
      value: undefined,
      message: `\`addresses\` of \`spec.clients\` must leave at least one address of "${text}" to clients without fixed ones, besides the gateway, \`spec.reserved\` and the addresses that are kept free for routers`,
    }));
}

function keyOf({ family, value }: Address): string {
  return `${family} ${value}`;
}
