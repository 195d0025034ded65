import { isSame, parseAddress, type Family } from '../../net/address.ts';
import { isIn, MULTICAST } from '../../net/special-ranges.ts';
import { fault, refusal, type Fault } from '../fault.ts';
import { DEFAULTS } from '../generated/fields.ts';
import { quote } from '../quote.ts';
import type { Rule } from './rule.ts';

/** An address of a node, as an example. */
const NODE = { IPv4: '10.0.0.11', IPv6: 'fd00::11' } as const;

/** Peers are distinct addresses of nodes, the group is one of multicast, and both are of the underlay's family. */
export const flooding: Rule = {
  reads: ['spec.overlay.underlay.family', 'spec.overlay.flooding'],
  checkNetwork: ({ spec }) => {
    const family = spec.overlay?.underlay?.family ?? DEFAULTS['spec.overlay.underlay.family'];
    const peers = spec.overlay?.flooding?.unicast?.peers ?? [];
    const group = spec.overlay?.flooding?.multicast?.group;
    return [
      ...peers.flatMap((text, index) => peerFaults(peers, text, index, family)),
      ...(group === undefined ? [] : groupFaults(group, family)),
    ];
  },
};

function peerFaults(peers: readonly string[], text: string, index: number, family: Family): readonly Fault[] {
  const path = `spec.overlay.flooding.unicast.peers[${index}]`;
  const address = parseAddress(text);
  if (address?.family !== family) {
    return [
      fault('InvalidAddress', path, text, `be an ${family} address, such as "${NODE[family]}"`, ofUnderlay(family)),
    ];
  }
  if (isIn(MULTICAST, address)) {
    return [
      fault('InvalidAddress', path, text, 'be the address of one node', { because: `${groups(family)} is multicast` }),
    ];
  }
  const earlier = peers.findIndex((peer) => isSame(parseAddress(peer), address));
  if (earlier === index) return [];
  const requirement = `not be the same as \`spec.overlay.flooding.unicast.peers[${earlier}]\``;
  return [refusal('InvalidAddress', path, text, requirement, { because: 'the peer would get every frame twice' })];
}

function groupFaults(text: string, family: Family): readonly Fault[] {
  const address = parseAddress(text);
  if (address?.family === family && isIn(MULTICAST, address)) return [];
  const path = 'spec.overlay.flooding.multicast.group';
  return [fault('InvalidAddress', path, text, `be a multicast address in ${groups(family)}`, ofUnderlay(family))];
}

function ofUnderlay(family: Family): { readonly because: string } {
  return { because: `\`spec.overlay.underlay.family\` is ${quote(family)}` };
}

function groups(family: Family): string {
  return MULTICAST.flatMap(({ cidr, text }) => (cidr.family === family ? [text] : [])).join();
}
