import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { ROOT } from '../commands/command.ts';
import { describeWith } from '../engines/describe-tools.ts';
import { endOfLastSegment, signatureOf } from '../../release/mach-o.ts';
import { FUNCTION, output } from '../engines/program.ts';
import { baseSystem, command, kustomizes, tool } from '../engines/tool.ts';
import { firstCommands, runInRoot } from './machine.ts';

const MINUTE = 60_000;
const HOST = `Linux-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}`;
const PLATFORMS = [HOST, 'Darwin-x86_64'];
const COMMIT = { REVISION: '0'.repeat(40), SOURCE_DATE_EPOCH: '1700000000' };

const kustomize = kustomizes().at(-1) ?? { title: 'kustomize' };
const spdxTools = tool('spdx-tools', 'SPDX_TOOLS_VERSION');
const needs = [
  { title: 'a release', path: '/' },
  baseSystem(),
  kustomize,
  spdxTools,
  ...['npm', 'tar', 'unshare'].map(command),
];

describeWith(needs, (_, base = '', build = '', pyspdxtools = '') => {
  let folder = '';
  const made = (run: string) => join(folder, run, 'out');
  const checksums = (run: string) => readFileSync(join(made(run), 'checksums.txt'), 'utf8');

  /** The dry run of docs/releases.md in a copy of the sources, in a folder of another name for each. */
  function dryRun(name: string, platforms: readonly string[]): void {
    const source = join(folder, name, 'source');
    mkdirSync(made(name), { recursive: true });
    const left = new Set(['.git', 'dist', 'node_modules', 'site', 'test']);
    for (const entry of readdirSync(ROOT).filter((each) => !left.has(each)))
      cpSync(join(ROOT, entry), join(source, entry), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(source, 'node_modules'));
    const options = platforms.flatMap((platform) => ['--platform', platform]);
    execFileSync('npm', ['run', 'release', '--', '--dry-run', '--out', made(name), ...options], {
      cwd: source,
      env: { ...process.env, ...COMMIT },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gateway-network-fn-release-'));
    dryRun('once', PLATFORMS);
  }, 10 * MINUTE);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('has what is downloaded, an SBOM of each, and checksums that hold', () => {
    const archives = [
      `gateway-network-fn-${packageJson.version}.tgz`,
      ...PLATFORMS.map((platform) => `gateway-network-fn-${platform}.tar.gz`),
    ];
    const files = ['gateway-network-deploy.tar.gz', ...archives.flatMap((name) => [name, `${name}.spdx.json`])];
    expect(readdirSync(made('once')).toSorted()).toEqual(['checksums.txt', ...files.toSorted()]);
    expect(checksums('once').trim().split('\n').length).toBe(files.length);
    execFileSync('sha256sum', ['--check', '--quiet', 'checksums.txt'], { cwd: made('once') });
  });

  test('gives the same digests a second time, in another folder', { timeout: 10 * MINUTE }, () => {
    dryRun('once-more-and-elsewhere', [HOST]);
    const lines = checksums('once-more-and-elsewhere').trim().split('\n');
    expect(lines.length).toBe(5);
    expect(checksums('once').split('\n')).toEqual(expect.arrayContaining(lines));
  });

  test('its SBOMs are SPDX, and name what was bundled and the runtime', () => {
    const [document = ''] = readdirSync(made('once')).filter((name) => name.endsWith('Darwin-x86_64.tar.gz.spdx.json'));
    const path = join(made('once'), document);
    output(pyspdxtools, ['--infile', path]);
    const sbom = JSON.parse(readFileSync(path, 'utf8'));
    const names = sbom.packages.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['commander', 'yaml', '@oven/bun-darwin-x64']));
    expect(names).not.toContain('vitest');
    writeFileSync(path, JSON.stringify({ ...sbom, dataLicense: 'MIT' }));
    expect(spawnSync(pyspdxtools, ['--infile', path]).status).not.toBe(0);
  });

  test('an executable for a Mac with an Intel processor has no signature, rather than one that does not fit', () => {
    execFileSync('tar', ['-xzf', 'gateway-network-fn-Darwin-x86_64.tar.gz'], { cwd: made('once') });
    const program = readFileSync(join(made('once'), 'gateway-network-fn'));
    expect(signatureOf(program)).toBe(undefined);
    expect(endOfLastSegment(program)).toBe(program.length);
    const bun = readFileSync(FUNCTION);
    expect(() => signatureOf(bun)).toThrow('this is no 64-bit program of macOS');
  });

  test('its manifests are built by kustomize', () => {
    execFileSync('tar', ['-xzf', 'gateway-network-deploy.tar.gz'], { cwd: made('once') });
    const objects = parseAllDocuments(output(build, ['build', join(made('once'), 'deploy/flux')]));
    expect(objects.map((object) => object.get('kind'))).toContain('Deployment');
  });

  test('a machine without Node renders by the first commands of docs/install.md', { timeout: 5 * MINUTE }, () => {
    const root = join(folder, 'machine');
    mkdirSync(root);
    execFileSync('tar', ['-C', root, '-xf', base]);
    const archive = `gateway-network-fn-${HOST}.tar.gz`;
    cpSync(join(made('once'), archive), join(root, archive));
    const commands = firstCommands(readFileSync(join(ROOT, 'docs/install.md'), 'utf8'));
    expect(commands.length).toBeLessThanOrEqual(3);
    // There is no network: what is downloaded is there.
    const [download = '', ...others] = commands;
    const offline = download.replace(/^curl .*?(?= \|)/, `cat /${archive}`);
    expect(offline).not.toBe(download);
    const start = performance.now();
    const { status, stdout, stderr } = runInRoot(root, [offline, ...others].join('\n'));
    console.log(`the first commands: ${((performance.now() - start) / 1000).toFixed(1)} s`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('kind: DaemonSet');
  });
});
