import { routerAddress, routerBlock } from '../../net/router-block.ts';
import { type Fault, refusal } from '../fault.ts';
import { gatewayAddress } from '../gateway-address.ts';
import type { GatewayNetwork } from '../generated/gateway-network.ts';
import { quote } from '../quote.ts';
import { type Subnet, subnetsOf } from '../subnet.ts';
import type { Rule } from './rule.ts';

const PATH = 'spec.gateway.replicas';

/**
 * Several routers are on different nodes, each with an address of its own. Connections are shared
 * with one other (conntrackd, FTFW over
 * unicast UDP).
 */
export const replicas: Rule = {
  reads: [PATH, 'spec.subnets', 'spec.gatewayAddresses', 'spec.overlay', 'spec.gateway.egress.network.snatAddresses'],
  checkNetwork: (network) => {
    const { gateway, overlay } = network.spec;
    const count = gateway?.replicas ?? 1;
    if (count === 1) return [];
    const faults: Fault[] = [];
    if (overlay === undefined) {
      const because = 'the routers run on different nodes, which only an overlay connects';
      faults.push(refusal('Unsupported', PATH, count, 'be 1 without `spec.overlay`', { because, proposed: 1 }));
    }
    if (gateway?.egress?.network?.snatAddresses !== undefined && count > 2) {
      const because = 'a router shares its connections with only one other';
      const requirement = 'be at most 2 with `spec.gateway.egress.network.snatAddresses`';
      faults.push(refusal('Unsupported', PATH, count, requirement, { because, proposed: 2 }));
    }
    return [...faults, ...subnetsOf(network).flatMap((subnet) => roomFaults(network, subnet, count))];
  },
};

function roomFaults({ spec }: GatewayNetwork, { path, text, cidr }: Subnet, count: number): readonly Fault[] {
  const gateway = gatewayAddress(cidr, spec.gatewayAddresses);
  const room = Array.from({ length: count }, (_, index) => routerAddress(cidr, gateway, index));
  const most = room.filter(({ value }) => value <= routerBlock(cidr).last).length;
  if (most === count) return [];
  const because = `of its first addresses, which are kept for routers, ${most} are left beside the gateway's`;
  const requirement = `be at most ${Math.max(most, 1)} with \`${path}\` ${quote(text)}`;
  return [refusal('InvalidSubnet', PATH, count, requirement, { because, proposed: Math.max(most, 1) })];
}
