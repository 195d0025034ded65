import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeNamespaces, run } from '../agent/namespace.ts';
import { has } from '../agent/requirements.ts';
import { createNodes, dropped, isBelieved, type Nodes, type Pod } from './bridged-nodes.ts';
import { arp, discovery, type Frame, multicastMAC, packet } from './frames.ts';

const ALL_NODES = 'ff02::1';
const [GATEWAY, GATEWAY6] = ['192.168.50.1', 'fd00:50::1'];

const claim = (router: Pod, to: Pod) =>
  arp(router.mac, to.mac, { operation: 'reply', sender: GATEWAY, target: to.addresses[0] });
const advertise = (router: Pod, target: string) =>
  discovery(router.mac, multicastMAC(ALL_NODES), {
    type: 'Advertisement',
    source: router.linkLocal,
    destination: ALL_NODES,
    target,
  });

/** What has a router's MAC address, is to a client and comes from another node; and the rule that drops it, or none. */
const WITH_THE_MAC: readonly [string, string | undefined, (router: Pod, to: Pod, other: Pod) => Frame][] = [
  ['an ARP reply for the gateway', undefined, claim],
  [
    'an ARP reply for a client',
    'router-arp-for-client',
    (router, to, other) =>
      arp(router.mac, to.mac, { operation: 'reply', sender: other.addresses[0], target: to.addresses[0] }),
  ],
  [
    'an IPv4 packet from outside',
    undefined,
    (router, to) => packet(router.mac, to.mac, ['203.0.113.10', to.addresses[0]]),
  ],
  [
    'an IPv4 packet from the gateway',
    undefined,
    (router, to) => packet(router.mac, to.mac, [GATEWAY, to.addresses[0]]),
  ],
  [
    'an IPv4 packet from a client',
    'router-with-client-source',
    (router, to, other) => packet(router.mac, to.mac, [other.addresses[0], to.addresses[0]]),
  ],
  [
    'an IPv6 packet from outside',
    undefined,
    (router, to) => packet(router.mac, to.mac, ['2001:db8::10', to.addresses[1]]),
  ],
  [
    'an IPv6 packet from a client',
    'router-with-client-source',
    (router, to, other) => packet(router.mac, to.mac, [other.addresses[1], to.addresses[1]]),
  ],
  ['an advertisement of the gateway as a neighbour', undefined, (router) => advertise(router, GATEWAY6)],
  ['an advertisement of its link-local address', undefined, (router) => advertise(router, 'fe80::abcd')],
  [
    'an advertisement of a client as a neighbour',
    'router-nd-for-client',
    (router, _, other) => advertise(router, other.addresses[1]),
  ],
  [
    'a router advertisement',
    'router-advertisement',
    (router) =>
      discovery(router.mac, multicastMAC(ALL_NODES), {
        type: 'RouterAdvertisement',
        source: router.linkLocal,
        destination: ALL_NODES,
      }),
  ],
];

const missing = [...(process.getuid?.() === 0 ? [] : ['root']), ...['ip', 'nft', 'perl'].filter((tool) => !has(tool))];
const needs = missing.length === 0 ? '' : ` (needs ${missing.join(', ')})`;

describe.skipIf(missing.length > 0)(
  `from another node comes with the MAC address of a router what a router sends${needs}:`,
  () => {
    afterAll(removeNamespaces);
    let nodes: Nodes;
    beforeAll(() => {
      nodes = createNodes();
      // That node lets everything out.
      run(nodes.second, `nft flush table bridge ${nodes.plan.names.nodeTable}`);
    });

    it.each(WITH_THE_MAC)('%s (dropped: %s)', async (_, rule, make) => {
      const { router, a, b, c, first } = nodes;
      const count = () => Object.values(dropped(nodes, first)).reduce((sum, number) => sum + number, 0);
      const before = count();
      expect(await isBelieved(nodes, c, a, router, make(router, a, b))).toBe(rule === undefined);
      expect(count() - before).toBe(rule === undefined ? 0 : 1);
      if (rule !== undefined) expect(dropped(nodes, first)[rule]).toBeGreaterThan(0);
    });
  },
);
