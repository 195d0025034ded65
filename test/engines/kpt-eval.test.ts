import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from './describe-tools.ts';
import { copyOfExample, digestOf, filesIn } from './folder.ts';
import { FUNCTION, output, run } from './program.ts';
import { kpts } from './tool.ts';

for (const tool of kpts()) {
  describeWith([tool], (kpt) => {
    test('`fn eval --exec` writes what `fn render` writes', () => {
      const [evaluated, rendered] = [copyOfExample('kpt-package'), copyOfExample('kpt-package')];
      output(kpt, ['fn', 'eval', evaluated, '--exec', FUNCTION]);
      output(kpt, ['fn', 'render', '--allow-exec', rendered]);
      const [ours, theirs] = [filesIn(evaluated), filesIn(rendered)];

      expect([...ours.keys()]).toEqual([...theirs.keys()]);
      for (const [path, text] of ours) {
        if (path !== 'Kptfile') expect(text).toBe(theirs.get(path));
      }
    });

    test('evaluating again changes nothing, in a folder without a Kptfile too', () => {
      const folder = copyOfExample('kpt-package');
      rmSync(join(folder, 'Kptfile'));
      output(kpt, ['fn', 'eval', folder, '--exec', FUNCTION]);
      const once = digestOf(folder);
      output(kpt, ['fn', 'eval', folder, '--exec', FUNCTION]);
      expect(digestOf(folder)).toBe(once);
    });

    test('the network may lie outside the package', () => {
      const folder = copyOfExample('kpt-package');
      const network = join(copyOfExample('kpt-package'), 'gateway-network.yaml');
      rmSync(join(folder, 'gateway-network.yaml'));
      output(kpt, ['fn', 'eval', folder, '--exec', FUNCTION, '--fn-config', network]);
      expect([...filesIn(folder).values()].join('\n')).toContain('kind: DaemonSet');
    });

    test('a run says what it did', () => {
      const { status, stderr, stdout } = run(kpt, ['fn', 'eval', copyOfExample('kpt-package'), '--exec', FUNCTION]);
      expect(status).toBe(0);
      expect(stdout + stderr).toMatch(/GatewayNetwork\/egress\/vpn: \d+ objects \(\d+ added\), 1 client in the input/);
    });

    test('a stream of manifests passes through', () => {
      const input = output(kpt, ['fn', 'source', copyOfExample('kpt-package')]);
      const list = output(kpt, ['fn', 'eval', '-', '--exec', FUNCTION], { input });
      expect(list).toContain('kind: ResourceList');
      expect(list).toContain('kind: DaemonSet');
    });
  });
}
