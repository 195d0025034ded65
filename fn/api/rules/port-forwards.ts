import { parseRange, type Range } from '../../net/range.ts';
import { routerBlock } from '../../net/router-block.ts';
import { checkClientAddresses } from '../client-address.ts';
import { fault, type Fault, refusal } from '../fault.ts';
import type { GatewayNetwork, PortForward } from '../generated/gateway-network.ts';
import { DNS_LABEL, DNS_SUBDOMAIN, isDnsLabel, isDnsSubdomain } from '../kubernetes-name.ts';
import { subnetsOf } from '../subnet.ts';
import type { Rule } from './rule.ts';
import { labelFaults } from './selectors.ts';

type Target = PortForward['to'];

/** A port leads to one client, selected in one way, with fixed addresses. */
export const portForwards: Rule = {
  reads: ['spec.subnets', 'spec.gatewayAddresses', 'spec.reserved', 'spec.clients', 'spec.gateway.portForwards'],
  checkNetwork: (network) => {
    const forwards = network.spec.gateway?.portForwards ?? [];
    const addresses = subnetsOf(network).length === network.spec.subnets.length;
    return forwards.flatMap(({ to }, index) => [
      ...repeated(forwards, index),
      ...targetFaults(`spec.gateway.portForwards[${index}].to`, to),
      ...(addresses
        ? addressFaults(`spec.gateway.portForwards[${index}].to.addresses`, to.addresses ?? [], network)
        : []),
    ]);
  },
};

/** A port is forwarded once. */
function repeated(forwards: readonly PortForward[], index: number): readonly Fault[] {
  const { protocol, port } = forwards[index] as PortForward;
  const earlier = forwards.findIndex((other) => other.protocol === protocol && other.port === port);
  if (earlier === index) return [];
  const requirement = `be another ${protocol} port than \`spec.gateway.portForwards[${earlier}].port\``;
  return [refusal('Collision', `spec.gateway.portForwards[${index}].port`, port, requirement)];
}

function targetFaults(path: string, to: Target): readonly Fault[] {
  const { addresses, name, namespace, matchLabels } = to;
  const given = [addresses, name, matchLabels].filter((way) => way !== undefined);
  if (given.length !== 1) {
    return [fault('InvalidUnion', path, to, 'have one of `addresses`, `name` and `matchLabels`')];
  }
  const faults: Fault[] = [];
  if (name !== undefined && !isDnsSubdomain(name)) {
    faults.push(fault('InvalidName', `${path}.name`, name, DNS_SUBDOMAIN));
  }
  if (namespace !== undefined && !isDnsLabel(namespace)) {
    faults.push(fault('InvalidName', `${path}.namespace`, namespace, DNS_LABEL));
  }
  if (namespace !== undefined && addresses !== undefined) {
    const because = 'addresses belong to the network, not to a namespace';
    faults.push(fault('InvalidUnion', `${path}.namespace`, namespace, 'be absent beside `addresses`', { because }));
  }
  return [...faults, ...labelsFaults(`${path}.matchLabels`, matchLabels)];
}

function labelsFaults(path: string, labels: Target['matchLabels']): readonly Fault[] {
  if (labels === undefined) return [];
  const entries = Object.entries(labels);
  if (entries.length === 0) {
    return [
      fault('InvalidSelector', path, labels, 'have a label', { because: 'without labels it matches every client' }),
    ];
  }
  return entries.flatMap(([key, value]) => labelFaults(`${path}[${JSON.stringify(key)}]`, key, value));
}

/** Addresses that no other pod can get. */
function addressFaults(path: string, texts: readonly string[], network: GatewayNetwork): readonly Fault[] {
  const { gatewayAddresses = [], reserved = [], clients = [] } = network.spec;
  const kept = [...reserved, ...clients.flatMap((client) => client.addresses ?? [])].map(parseRange);
  const { faults } = checkClientAddresses(path, texts, network, ({ path: where, text, address, subnet }) => {
    const { family, value } = address;
    const holds = (range: Range | undefined) => range?.family === family && range.first <= value && value <= range.last;
    if ([routerBlock(subnet.cidr), ...gatewayAddresses.map(parseRange)].some(holds)) {
      const because = 'the gateway and the first addresses of a subnet belong to routers';
      return [fault('InvalidAddress', where, text, 'be the address of a client', { because })];
    }
    if (kept.some(holds)) return [];
    const requirement = 'be among the `addresses` of an entry of `spec.clients`, or in `spec.reserved`';
    const because = 'any pod could get an address of the pool';
    return [refusal('InvalidAddress', where, text, requirement, { because })];
  });
  return faults;
}
