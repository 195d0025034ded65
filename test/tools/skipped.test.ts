import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../commands/command.ts';
import { missingBy, titleNeeding } from './needs-title.ts';
import { skippedLines } from './skipped.ts';

test('a line for each tool says how many files wanted it, and what brings it', () => {
  const files = [
    { missing: ['kustomize'], isWhole: true },
    { missing: ['kustomize', 'nft'], isWhole: true },
    { missing: ['kustomize'], isWhole: false },
    { missing: [], isWhole: false },
    { missing: ["Debian's CNI plugins"], isWhole: false },
    { missing: ['network namespaces', 'root', 'abacus'], isWhole: true },
  ];
  expect(skippedLines(files)).toEqual([
    '2 files skipped, 1 in part: kustomize is missing; `test/tools/install.sh kustomize` brings it',
    '1 file skipped: abacus is missing; `test/tools/install.sh` brings it',
    "1 file skipped in part: Debian's CNI plugins are missing; `apt-get install containernetworking-plugins` brings it",
    '1 file skipped: network namespaces are missing; a container may not make them unless it is privileged',
    '1 file skipped: nft is missing; `apt-get install nftables` brings it',
    '1 file skipped: root is missing; `sudo` brings it',
  ]);
  expect(skippedLines([{ missing: [], isWhole: true }])).toEqual([]);
});

test('what is missing is read from the title that tells it', () => {
  expect(titleNeeding('a suite (of tests)', [])).toBe('a suite (of tests)');
  expect(missingBy('a suite (of tests)')).toEqual([]);
  expect(missingBy(titleNeeding('a suite', ['ip', "Debian's CNI plugins", 'ip']))).toEqual([
    'ip',
    "Debian's CNI plugins",
  ]);
});

test('where a tool is missing, a suite that runs it while tests are collected is skipped, and the run ends well', () => {
  const folder = mkdtempSync(join(ROOT, 'test/tools/collected-'));
  try {
    writeFileSync(
      join(folder, 'collected.test.ts'),
      `import { execFileSync } from 'node:child_process';
       import { expect, test } from 'vitest';
       import { describeWith } from '../../engines/describe-tools.ts';
       describeWith([{ title: 'abacus 1.0', name: 'abacus' }, { title: 'beads' }], (path) => {
         const version = execFileSync(path, ['--version'], { encoding: 'utf8' });
         test('it counts', () => expect(version).toContain('1'));
       });`,
    );
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const run = spawnSync(process.execPath, [vitest, 'run', folder], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });
    expect(run.stdout).toMatch(/1 skipped/);
    expect(run.stdout).toMatch(/\n1 file skipped: abacus is missing; .*\n1 file skipped: beads is missing; .*\n\n$/);
    expect(run.status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
