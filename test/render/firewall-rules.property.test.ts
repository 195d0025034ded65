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
import { firewallSpec } from './firewall-specs.ts';

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
      fc.property(firewallSpec, (text) => {
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
