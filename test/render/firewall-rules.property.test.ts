import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validate } from '../../fn/api/validate.ts';
import { routerRules } from '../../fn/render/router-rules.ts';
import { nodeImage } from '../engines/tool.ts';
import { networks } from '../api/networks.ts';
import { missingFor } from '../agent/requirements.ts';
import { planOf } from '../plan/network.ts';
import { describeNeeding } from '../tools/needs.ts';

const port = fc.integer({ min: 1, max: 65535 });
const ports = fc.oneof(
  port,
  port.map(String),
  fc.tuple(port, port).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
);
const ipv4 = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }))
  .map(([value, length]) => {
    const base = length === 0 ? 0 : (value & (-1 << (32 - length))) >>> 0;
    return `${[24, 16, 8, 0].map((shift) => (base >>> shift) & 255).join('.')}/${length}`;
  });
const ipv6 = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 0xffff }), { minLength: 0, maxLength: 7 }))
  .map(([groups]) => `${groups.map((group) => group.toString(16)).join(':')}::/${groups.length * 16}`);
const cidrs = fc.array(fc.oneof(ipv4, ipv6), { minLength: 1, maxLength: 8 });
const entry = fc.oneof(
  fc.record({ cidrs }),
  fc.record({ protocol: fc.constantFrom('TCP', 'UDP', 'SCTP', 'ICMP') }),
  fc.record({ cidrs, protocol: fc.constantFrom('TCP', 'UDP', 'SCTP', 'ICMP') }),
  fc.record({
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
    ports: fc.array(ports, { minLength: 1, maxLength: 8 }),
  }),
  fc.record({
    cidrs,
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
    ports: fc.array(ports, { minLength: 1, maxLength: 8 }),
  }),
);
const list = fc.array(entry, { minLength: 1, maxLength: 6 });
const firewall = fc.record({ allow: list, deny: list }, { requiredKeys: [] });

/** Both families, and an egress by the primary or another network. */
const spec = fc.tuple(firewall, fc.boolean()).map(([lists, isForeign]) => {
  const network = {
    attachment: { name: 'vlan99' },
    addresses: ['10.99.0.11/24', 'fd00:99::11/64'],
    gateways: ['10.99.0.1', 'fd00:99::1'],
  };
  const egress = isForeign ? { egress: { type: 'Network', network } } : {};
  return JSON.stringify({
    subnets: ['192.168.50.0/24', 'fd00:50::/64'],
    overlay: { vni: 7 },
    gateway: { firewall: lists, ...egress },
  });
});

/** Loads rules into a network namespace and lists them twice, loading them again between. */
const SCRIPT = `printf %s "$RULES" | nft -f - && nft -s list ruleset && echo ---- && printf %s "$RULES" | nft -f - && nft -s list ruleset`;

const image = nodeImage();
const ROOTS = [
  ['the machine', '/'] as const,
  ...(image.path ? [['the node image', `${image.path}/rootfs`] as const] : []),
];

describeNeeding('any valid lists', missingFor(['nft', 'unshare']), () => {
  test.each(ROOTS)('are loaded by nft of %s, and listed alike each time', (_, root) => {
    expect(existsSync(root)).toBe(true);
    fc.assert(
      fc.property(spec, (text) => {
        expect(validate(networks(text)).problems).toEqual([]);
        const { stdout, stderr, status } = spawnSync('unshare', ['-n', 'chroot', root, 'sh', '-c', SCRIPT], {
          env: { ...process.env, RULES: routerRules(planOf(text)) },
          encoding: 'utf8',
        });
        expect(stderr).toBe('');
        expect(status).toBe(0);
        const [first, second] = stdout.split('----\n');
        expect(first).toContain('chain forward');
        expect(second).toBe(first);
      }),
      { numRuns: 40 },
    );
  });
});
