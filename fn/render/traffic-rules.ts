import { formatCidr } from '../net/cidr.ts';
import { TRAFFIC_SETS } from '../node/config/packets.ts';
import { OVERLAY_INTERFACE } from '../plan/gateway.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { chain, IP } from './nft.ts';

/** How long a client that sends and receives nothing is remembered. */
const TIMEOUT = '1h';

/**
 * Counts what is forwarded for each client, behind the rules that decide it; nothing where the network is not
 * monitored. A client more than a set takes is not counted.
 *
 * Counters of addresses that are not known beforehand need named sets. nft 1.0 crashes when it reads the sets of
 * nft 1.1, which the node image has. Only a VPN container in the router's pod could have the older release.
 */
export function trafficRules({ monitoring, subnets, egress }: NetworkPlan): readonly string[] {
  if (monitoring.type === 'None') return [];
  const directions = [
    ['sent', `iifname "${OVERLAY_INTERFACE}" oifname "${egress.interface}"`, 'saddr'],
    ['received', `iifname "${egress.interface}" oifname "${OVERLAY_INTERFACE}"`, 'daddr'],
  ] as const;
  const each = subnets.flatMap(({ family, cidr }) =>
    directions.map(([direction, way, end]) => {
      const set = TRAFFIC_SETS[direction][family];
      const client = `${IP[family]} ${end}`;
      return {
        set: counters(set, family === 'IPv4' ? 'ipv4_addr' : 'ipv6_addr', monitoring.counted[family]),
        rule: `${way} ${client} ${formatCidr(cidr)} update @${set} { ${client} counter }`,
      };
    }),
  );
  return [
    ...each.map(({ set }) => set),
    chain(
      'traffic',
      'filter hook forward priority filter + 10; policy accept',
      each.map(({ rule }) => rule),
    ),
  ];
}

function counters(name: string, type: string, size: number): string {
  const lines = [`type ${type}`, `size ${size}`, 'flags dynamic,timeout', `timeout ${TIMEOUT}`];
  return `\tset ${name} {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`;
}
