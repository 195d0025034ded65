import { expect, it } from 'vitest';
import { createCluster } from './bed/cluster.ts';
import type { Form } from './bed/datagrams.ts';
import { describeDatapath } from './bed/requirements.ts';
import { lost, startTraffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';
import { attack, type Family, prepare, STRANGERS } from './strangers.ts';

const NOTHING = { in: 0, out: 0, believed: 0 };

const LISTED = {
  'overlay.flooding': { type: 'Unicast', unicast: { peers: ['172.18.0.11', '172.18.0.12', '172.18.0.13'] } },
};
const OVER_IPV6 = { 'overlay.underlay': { family: 'IPv6', mtu: 1500 } };

const NETWORKS: readonly [string, string, Readonly<Record<string, unknown>>, Family][] = [
  ['peers that are discovered', 'multi-node', {}, 'IPv4'],
  ['peers that are listed', 'multi-node', LISTED, 'IPv4'],
  ['an IPv6 underlay', 'multi-node', OVER_IPV6, 'IPv6'],
  ['multicast', 'multicast', {}, 'IPv4'],
];

/** With multicast the nodes are not known: who is on their own network passes for one. */
const ON_THE_NETWORK = ['a host on the LAN'];

/** For each of some forty attacks half a second. */
const PATIENCE = 120_000;

/** The VNI is 12 bytes behind the start of the UDP header. */
const FORMS: readonly [string, Form][] = [
  ['whole', {}],
  ['without checksum', { unsummed: true }],
  ['with IP options', { options: true }],
  ['in two fragments, of which the first ends before the VNI', { cuts: [8] }],
  ['in two fragments, of which the first has the VNI', { cuts: [16] }],
  ['in three fragments with IP options', { cuts: [8, 16], options: true }],
];

describeDatapath('a stranger puts nothing into a network and gets nothing of it', () => {
  it.each(NETWORKS)('with %s', { timeout: PATIENCE }, async (title, name, fields, family) => {
    using cluster = createCluster({ nodes: 3 });
    const scene = await prepare(cluster, name, fields);
    const traffic = await Promise.all(scene.clients.map(({ namespace }) => startTraffic(namespace, [INTERNET.IPv4])));
    for (const [who, make] of Object.entries(STRANGERS)) {
      if (title === 'multicast' && ON_THE_NETWORK.includes(who)) continue;
      const stranger = make(scene);
      for (const [how, form] of FORMS.filter(([, { unsummed }]) => family === 'IPv4' || !unsummed))
        expect.soft(await attack(scene, stranger, family, form), `${who}, ${how}`).toEqual(NOTHING);
    }
    const reports = (await Promise.all(traffic.map(({ stop }) => stop()))).flat();
    expect(reports.map(({ udp, tcp }) => [lost(udp), lost(tcp)])).toEqual(reports.map(() => [0, 0]));
  });
});
