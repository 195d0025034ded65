import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { replaceIn } from './build.ts';
import { describeWith } from './describe-tools.ts';
import { copyOfExample, digestOf, filesIn, folderOf } from './folder.ts';
import { FUNCTION, run } from './program.ts';
import { kpts } from './tool.ts';

/** The package example with two mistakes in its network. */
function faulty(): string {
  const folder = copyOfExample('kpt-package');
  replaceIn(join(folder, 'gateway-network.yaml'), 'vni: 1000', 'vni: 16777216');
  replaceIn(join(folder, 'gateway-network.yaml'), '  overlay:', '  gatewayAddresses: [10.0.0.1]\n  overlay:');
  return folder;
}

for (const tool of kpts()) {
  describeWith([tool], (kpt) => {
    test.for([
      ['fn render', ['fn', 'render', '--allow-exec']],
      ['fn eval', ['fn', 'eval', '--exec', FUNCTION]],
    ] as const)('`%s` with an error writes nothing and keeps each result with its field and file', ([, args]) => {
      const folder = faulty();
      const before = digestOf(folder);
      const results = folderOf({});
      const { status, stdout, stderr } = run(kpt, [...args, '--results-dir', results, folder]);

      expect(status).toBe(1);
      expect(digestOf(folder)).toBe(before);
      expect(stdout + stderr).toContain('spec.overlay.vni');

      const list = parse(readFileSync(join(results, 'results.yaml'), 'utf8')) as { items: { results: unknown[] }[] };
      expect(list.items[0]?.results).toHaveLength(2);
      expect(list.items[0]?.results).toContainEqual(
        expect.objectContaining({
          severity: 'error',
          resourceRef: expect.objectContaining({ kind: 'GatewayNetwork', name: 'vpn', namespace: 'egress' }),
          field: expect.objectContaining({ path: 'spec.overlay.vni', currentValue: 16777216 }),
          file: expect.objectContaining({ path: 'gateway-network.yaml' }),
        }),
      );
    });

    test('as a validator it writes nothing, and fails the render of a bad network', () => {
      const valid = copyOfExample('kpt-package');
      const invalid = faulty();
      for (const folder of [valid, invalid]) replaceIn(join(folder, 'Kptfile'), 'mutators:', 'validators:');
      const passing = run(kpt, ['fn', 'render', '--allow-exec', valid]);
      const failing = run(kpt, ['fn', 'render', '--allow-exec', invalid]);

      expect(passing.status).toBe(0);
      expect(failing.status).toBe(1);
      expect(failing.stdout + failing.stderr).toContain('spec.overlay.vni');
      expect(readFileSync(join(valid, 'client.yaml'), 'utf8')).toBe(
        readFileSync(join(copyOfExample('kpt-package'), 'client.yaml'), 'utf8'),
      );
    });

    test('a package without a network is an error', () => {
      const folder = folderOf({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n' });
      const { status, stdout, stderr } = run(kpt, ['fn', 'eval', folder, '--exec', FUNCTION]);
      expect(status).toBe(1);
      expect(stdout + stderr).toContain('found no GatewayNetwork');
    });

    test('with `selectors` every render adds the objects once more, as docs/kpt.md warns', () => {
      const folder = copyOfExample('kpt-package');
      replaceIn(
        join(folder, 'Kptfile'),
        'exec: gateway-network-fn',
        'exec: gateway-network-fn\n      selectors:\n        - kind: GatewayNetwork',
      );
      const agents = (): number => [...filesIn(folder).values()].join('\n').split('kind: DaemonSet').length - 1;
      run(kpt, ['fn', 'render', '--allow-exec', folder]);
      expect(agents()).toBe(1);
      run(kpt, ['fn', 'render', '--allow-exec', folder]);
      expect(agents()).toBe(2);
    });
  });
}
