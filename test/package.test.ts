import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NETWORK, ROOT } from './commands/command.ts';

describe('the package, installed from its archive', () => {
  let folder = '';
  const npm = (...args: string[]) => execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gwn-package-'));
    npm('pack', join(ROOT, 'dist/npm'));
    const [archive = ''] = readdirSync(folder);
    npm('install', '--offline', '--global', '--prefix', folder, join(folder, archive));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('brings nothing but itself', () => {
    expect(readdirSync(join(folder, 'lib/node_modules'))).toEqual(['gateway-network-fn']);
    expect(readdirSync(join(folder, 'lib/node_modules/gateway-network-fn')).toSorted()).toEqual(
      ['LICENSE', 'README.md', 'dist', 'package.json', 'schemas'].toSorted(),
    );
  });

  test('has the command', () => {
    const output = execFileSync(join(folder, 'bin/gateway-network-fn'), ['render', '-'], {
      input: NETWORK,
      encoding: 'utf8',
    });
    expect(output).toContain('kind: DaemonSet');
  });

  test('has the library', () => {
    const program = "import { expand } from 'gateway-network-fn'; process.stdout.write(expand('').problems[0].code);";
    writeFileSync(join(folder, 'lib/program.mjs'), program);
    expect(execFileSync(process.execPath, [join(folder, 'lib/program.mjs')], { encoding: 'utf8' })).toBe('NoNetwork');
  });
});
