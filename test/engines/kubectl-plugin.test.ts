import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { NETWORK } from '../commands/command.ts';
import { blocksOf, read } from '../documents/page.ts';
import { describeWith } from './describe-tools.ts';
import { output, run } from './program.ts';
import { kubectls } from './tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'gwn-plugin-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [name = ''] = Object.keys(packageJson.bin).filter((one) => one.startsWith('kubectl-'));
/** What docs/install.md says, in a folder of our own. */
const links = blocksOf(read('docs/install.md'))
  .flatMap(({ text }) => text.split('\n'))
  .filter((line) => line.startsWith('ln -s '));
for (const link of links) output('bash', ['-eu', '-c', link.replace('/usr/local/bin', folder)]);
/** No kubeconfig. */
const environment = { path: [folder], env: { HOME: folder, KUBECONFIG: '' } };

for (const tool of kubectls()) {
  describeWith([tool], (kubectl) => {
    test.each(['gateway-network', 'gateway_network'])('`kubectl %s` is the program', (word) => {
      const rendered = run(kubectl, [word, 'render', '-'], { input: NETWORK, ...environment });
      expect(rendered).toMatchObject({ status: 0, stdout: expect.stringContaining('kind: DaemonSet') });
      const { status, stderr } = run(kubectl, [word, 'status', '--context', 'a'], environment);
      expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/^error: .*kubeconfig/) });
    });

    test.each<readonly [readonly string[], string]>([
      [['status', '--k'], '--kubeconfig\tthe kubeconfig; without it, that of $KUBECONFIG, or ~/.kube/config\n:4\n'],
      [['status', '-o', ''], 'text\njson\n:4\n'],
      [['explain', 'apps/client', '203.0.113.5', '--protocol', 'S'], 'SCTP\n:4\n'],
      [['validate', 'examples', 'exam'], ':0\n'],
      [['gather', ''], ':4\n'],
    ])('kubectl completes %j', (words, expected) => {
      expect(run(kubectl, ['__complete', 'gateway-network', ...words], environment).stdout).toBe(expected);
    });

    test('kubectl completes the verbs', () => {
      const { stdout } = run(kubectl, ['__complete', 'gateway-network', ''], environment);
      expect(stdout).toMatch(/^render\tprint the manifests/);
      expect(stdout).toMatch(/^status\ttell how the networks of your cluster are/m);
    });

    test('kubectl lists it as a plugin, and warns of nothing', () => {
      const { stdout, stderr } = run(kubectl, ['plugin', 'list'], environment);
      expect(`${stdout}${stderr}`).toContain(join(folder, name));
      expect(`${stdout}${stderr}`).not.toContain('warning');
    });
  });
}
