import { parsePorts } from '../../net/ports.ts';
import { cidrFaults } from '../cidr-faults.ts';
import { fault, type Fault } from '../fault.ts';
import type { Destination } from '../generated/gateway-network.ts';
import type { Rule } from './rule.ts';

const PATH = 'spec.gateway.firewall';
const NETWORK = 'be a network in CIDR notation, such as "203.0.113.0/24", or "203.0.113.10/32" for one address';

/** Firewall entries are not empty; they contain networks, and ports only for protocols that have ports. */
export const firewall: Rule = {
  reads: [PATH],
  checkNetwork: ({ spec }) =>
    (['allow', 'deny'] as const).flatMap((list) =>
      (spec.gateway?.firewall?.[list] ?? []).flatMap((entry, index) => faults(`${PATH}.${list}[${index}]`, entry)),
    ),
};

function faults(path: string, entry: Destination): readonly Fault[] {
  const { cidrs, protocol, ports } = entry;
  if (cidrs === undefined && protocol === undefined && ports === undefined) {
    const because = 'an empty entry matches everything; for that write `cidrs: ["0.0.0.0/0", "::/0"]`';
    return [fault('InvalidValue', path, entry, 'have `cidrs`, `protocol` or `ports`', { because })];
  }
  return [
    ...(cidrs ?? []).flatMap((text, index) => cidrFaults(`${path}.cidrs[${index}]`, text, NETWORK)),
    ...(ports === undefined ? [] : protocolFaults(path, protocol)),
    ...(ports ?? []).flatMap((value, index) =>
      parsePorts(value) === undefined ? [portFault(`${path}.ports[${index}]`, value)] : [],
    ),
  ];
}

function protocolFaults(path: string, protocol: Destination['protocol']): readonly Fault[] {
  if (protocol !== undefined && protocol !== 'ICMP') return [];
  const requirement = `be "TCP", "UDP" or "SCTP" where there are \`${path}.ports\``;
  const code = protocol === undefined ? 'MissingField' : 'InvalidValue';
  return [fault(code, `${path}.protocol`, protocol, requirement)];
}

function portFault(path: string, value: number | string): Fault {
  return fault('InvalidValue', path, value, 'be a port from 1 to 65535, or an ascending range such as "8000-8999"');
}
