import { expect } from 'vitest';
import { run } from '../agent/namespace.ts';
import { transfer } from '../datapath/bed/traffic.ts';
import { INTERNET } from '../datapath/bed/underlay.ts';
import type { Scene } from './accidents.ts';

/** A change of a network's spec, applied on top of those before it. */
export interface Change {
  readonly title: string;
  /** By their path below `spec`. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What docs/changes.md says of the router's pod. */
  readonly router: 'kept' | 'replaced';
  /** Whether it says that connections go on. */
  readonly keepsConnections: boolean;
  /** How long an answer may be out, in milliseconds: three times what was measured; 0 where no datagram is lost. */
  readonly outage: number;
  /** Fails as long as it has not reached the nodes, or something of before is still there. */
  readonly check: (scene: Scene) => Promise<void>;
}

const onNodes = ({ cluster }: Scene, command: string): readonly string[] =>
  cluster.nodes.map((node) => node.run(['sh', '-c', command]));

const BRIDGE = 'br-vpn-4gfy37';

export const CHANGES: readonly Change[] = [
  {
    title: 'overlay.vni',
    fields: { 'overlay.vni': 1001 },
    router: 'kept',
    keepsConnections: true,
    outage: 15_000,
    check: async (scene) => {
      for (const text of onNodes(scene, 'ip -o -d link show type vxlan')) {
        expect(text.match(/vxlan id \d+/g)).toEqual(['vxlan id 1001']);
      }
    },
  },
  {
    title: 'mtu',
    fields: { mtu: 1400 },
    router: 'kept',
    keepsConnections: true,
    outage: 0,
    check: async (scene) => {
      expect(run((await scene.router()).namespace, 'ip -o link show net1')).toContain(' mtu 1400 ');
      for (const text of onNodes(scene, `ip -o link show ${BRIDGE}`)) expect(text).toContain(' mtu 1400 ');
      // Clients of before keep theirs: TCP fits all the same.
      for (const { namespace } of scene.clients) {
        expect(run(namespace, 'ip -o link show net1')).toContain(' mtu 1450 ');
        expect(await transfer(namespace, INTERNET.IPv4, 2e6)).toBe(true);
      }
    },
  },
  {
    title: 'interfaces.bridge',
    fields: { 'interfaces.bridge': 'br-other' },
    router: 'replaced',
    keepsConnections: false,
    // A router is replaced, and other clusters keep both cores busy: 15.2 s were seen at a load of 28.
    outage: 30_000,
    check: async (scene) => {
      for (const text of onNodes(scene, 'ip -o link; nft list ruleset')) {
        expect(text).toContain('br-other');
        expect(text).not.toContain(BRIDGE);
      }
    },
  },
];
