import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NETWORK, ROOT } from './commands/command.ts';

/** The programs of docs/library.md: that of `expand`, and that of the SDK. */
const [EXPAND = '', SDK = ''] = [
  ...readFileSync(join(ROOT, 'docs/library.md'), 'utf8').matchAll(/^```ts\n([^]*?)^```/gm),
].map(([, program = '']) => program);

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
/** In which `status` finds no cluster. */
const WITHOUT_KUBECONFIG = { PATH: process.env['PATH'], HOME: '/nowhere' };
const RESOLUTIONS = {
  nodenext: ['--module', 'nodenext'],
  node16: ['--module', 'node16'],
  bundler: ['--module', 'esnext', '--moduleResolution', 'bundler'],
};

describe('the package, as `npm pack` in the root makes it', () => {
  let folder = '';
  let installed = '';
  const npm = (cwd: string, ...args: string[]) =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gwn-package-'));
    // A copy of what it is packed from, since packing builds, and other tests use what is built.
    const source = join(folder, 'source');
    const left = new Set(['.git', 'dist', 'node_modules', 'site', 'test']);
    for (const name of readdirSync(ROOT).filter((each) => !left.has(each))) {
      cpSync(join(ROOT, name), join(source, name), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(source, 'node_modules'));
    npm(source, 'pack', '--pack-destination', folder);
    const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    installed = join(folder, 'project');
    mkdirSync(installed);
    writeFileSync(join(installed, 'package.json'), '{}');
    npm(installed, 'install', '--offline', join(folder, archive));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('brings nothing but itself: no other package, no Node', () => {
    const names = readdirSync(join(installed, 'node_modules'));
    expect(names.filter((name) => name !== '.package-lock.json').toSorted()).toEqual(['.bin', 'gateway-network-fn']);
    expect(readdirSync(join(installed, 'node_modules/.bin'))).toEqual([
      'gateway-network-fn',
      'kubectl-gateway_network',
      'kubectl_complete-gateway_network',
    ]);
  });

  test('has the bundle, the library with its types, the schemas, and no more', () => {
    const root = join(installed, 'node_modules/gateway-network-fn');
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1));
    expect(paths.filter((path) => !path.startsWith('dist/types/')).toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist/cluster.mjs',
      'dist/gateway-network-fn.mjs',
      'dist/index.cjs',
      'dist/index.mjs',
      'package.json',
      'schemas/gateway-network.crd.yaml',
      'schemas/gateway-network.schema.json',
    ]);
    const types = paths.filter((path) => path.startsWith('dist/types/')).map((path) => join(root, path));
    const packages = types.flatMap(
      (path) => readFileSync(path, 'utf8').match(/\b(?:from|import\() ?['"][^.'"].*/g) ?? [],
    );
    expect(packages).toEqual([]);
  });

  test('has the command', () => {
    const program = join(installed, 'node_modules/.bin/gateway-network-fn');
    expect(execFileSync(program, ['render', '-'], { input: NETWORK, encoding: 'utf8' })).toContain('kind: DaemonSet');
    const { status, stderr } = spawnSync(program, ['status'], { encoding: 'utf8', env: WITHOUT_KUBECONFIG });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^error: there is no kubeconfig: /),
    });
  });

  /** A project with the package, of which one file is compiled by `tsc --strict` alone, and run. */
  function compileAndRun(type: string, options: readonly string[], program: string, input = ''): string {
    const project = mkdtempSync(join(installed, `${type}-`));
    writeFileSync(join(project, 'package.json'), JSON.stringify({ type }));
    writeFileSync(join(project, 'program.ts'), program);
    const { stdout, status } = spawnSync(
      process.execPath,
      [TSC, '--strict', ...options, '--target', 'es2022', '--outDir', 'out', 'program.ts'],
      { cwd: project, encoding: 'utf8' },
    );
    expect([stdout, status]).toEqual(['', 0]);
    return execFileSync(process.execPath, ['out/program.js'], { cwd: project, encoding: 'utf8', input });
  }

  const EVERY = [
    ['nodenext', 'module'],
    ['nodenext', 'commonjs'],
    ['node16', 'module'],
    ['node16', 'commonjs'],
    ['bundler', 'module'],
  ] as const;

  test.for(EVERY)('the example of docs/library.md compiles and runs: %s, %s', ([resolution, type]) => {
    expect(compileAndRun(type, RESOLUTIONS[resolution], EXPAND)).toContain('kind: DaemonSet');
  });

  describe('beside kpt-functions', () => {
    beforeAll(() =>
      symlinkSync(join(ROOT, 'node_modules/kpt-functions'), join(installed, 'node_modules/kpt-functions')),
    );

    test.for(EVERY)('its example compiles and runs: %s, %s', ([resolution, type]) => {
      const list = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- ${NETWORK.trim().replaceAll('\n', '\n  ')}`;
      expect(compileAndRun(type, RESOLUTIONS[resolution], SDK, list)).toContain('kind: DaemonSet');
    });

    test('the function is a `KptFunc`', () => {
      const program = `
        import type { KptFunc } from 'kpt-functions';
        import { gatewayNetwork } from 'gateway-network-fn';
        const func: KptFunc = gatewayNetwork;
        console.log(func.usage);`;
      expect(compileAndRun('module', RESOLUTIONS.nodenext, program)).toContain('Expands');
    });
  });
});

test('no package that is installed runs a script of its own', () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { hasInstallScript?: boolean }>;
  };
  const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript === true);
  expect(scripted.map(([name]) => name)).toEqual([]);
});
