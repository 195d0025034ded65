import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { command, ROOT } from './command.ts';

const scriptOf = (shell: string) => command(['completion', shell]).stdout;
const [COMMANDS = ''] = /^Commands:\n(?: .*\n)*/m.exec(command(['--help']).stdout) ?? [];
const VERBS = [...COMMANDS.matchAll(/^ {2}([a-z]+)/gm)].map(([, verb = '']) => verb);

/** What a real bash completes behind these words; the last one is begun. */
function completed(words: readonly string[]): readonly string[] {
  const list = words.map((word) => `'${word}'`).join(' ');
  const run = `${scriptOf('bash')}
COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}
_gateway_network_fn; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', run], { cwd: ROOT, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter(Boolean);
}

test.each<readonly [readonly string[], readonly string[]]>([
  [[''], VERBS],
  [['ex'], ['explain']],
  [['--v'], ['--version']],
  [['status', '-'], []],
  [['status', '--k'], ['--kubeconfig']],
  [
    ['status', '-o', ''],
    ['text', 'json'],
  ],
  [['picture', '--output', 'm'], ['mermaid']],
  [['explain', 'a', '--protocol', 'S'], ['SCTP']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['validate', 'examples', 'exam'], ['examples']],
  [['render', '-o', 'exam'], ['examples']],
  [['status', '--context', ''], []],
  [['status', ''], []],
])('bash completes %j', (words, expected) => {
  expect(completed(['gateway-network-fn', ...words])).toEqual(expected);
});

test('bash completes options of a verb, and registers both names', () => {
  expect(completed(['kubectl-gateway_network', 'diff', '--'])).toEqual([
    '--output',
    '--namespace',
    '--context',
    '--kubeconfig',
    '--help',
  ]);
  const run = `${scriptOf('bash')}\ncomplete -p gateway-network-fn kubectl-gateway_network`;
  expect(spawnSync('bash', ['--norc', '-c', run], { encoding: 'utf8' }).stdout).toBe(
    'complete -F _gateway_network_fn gateway-network-fn\ncomplete -F _gateway_network_fn kubectl-gateway_network\n',
  );
});

test.each(['bash', 'zsh', 'fish'])('the script for %s has every verb, and nothing that ends a quotation', (shell) => {
  const script = scriptOf(shell);
  expect(VERBS.length).toBeGreaterThan(9);
  for (const verb of VERBS) expect(script).toContain(verb);
  // Without what is escaped, quotes are in pairs on each line.
  const plain = script.replaceAll(/'\\''|\\'|^#.*$/gm, '');
  expect(plain.split('\n').filter((line) => (line.match(/'/g) ?? []).length % 2 === 1)).toEqual([]);
});

test.each(['gateway-network-fn', 'gateway-network-fn.mjs'])(
  '%s completes for kubectl under the name of that',
  (file) => {
    const folder = mkdtempSync(join(tmpdir(), 'gwn-completer-'));
    const name = join(folder, 'kubectl_complete-gateway_network');
    symlinkSync(join(ROOT, 'dist', file), name);
    const [program = '', ...args] = file.endsWith('.mjs') ? [process.execPath, name] : [name];
    const completions = (...words: readonly string[]) =>
      spawnSync(program, [...args, ...words], { encoding: 'utf8' }).stdout;
    try {
      expect(completions('picture', '--output', 'm')).toBe('mermaid\n:4\n');
      expect(completions('completion', 'bash', '')).toBe(':4\n');
      expect(completions('--v')).toBe('--version\tprint the version\n:4\n');
      expect(completions('status', '--context', '')).toBe(':4\n');
      expect(completions('render', '-o', 'x', '')).toBe(':0\n');
      expect(completions('')).toBe(completions());
      expect(completions('').match(/^\w+(?=\t)/gm)).toEqual(VERBS);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

test('another shell is wrong usage', () => {
  const { status, stderr } = command(['completion', 'tcsh']);
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('bash, zsh, fish') });
});
