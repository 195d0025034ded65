import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { BROKEN, command, NETWORK, ROOT } from './command.ts';

const resourceList = (network: string) =>
  `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- ${network.trimEnd().replaceAll('\n', '\n  ')}\n`;

describe('without arguments', () => {
  test('a ResourceList is answered with a ResourceList', () => {
    const { status, stdout, stderr } = command([], resourceList(NETWORK));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { kind, items, results } = parse(stdout);
    expect(kind).toBe('ResourceList');
    expect(items).toHaveLength(10);
    expect(results).toMatchObject([
      { severity: 'info', tags: { code: 'Rendered' }, resourceRef: { name: 'vpn', namespace: 'egress' } },
    ]);
  });

  test('errors come as results and on stderr, with the items as they came', () => {
    const { status, stdout, stderr } = command([], resourceList(BROKEN));
    expect(status).toBe(1);
    expect(stdout.startsWith(resourceList(BROKEN))).toBe(true);
    expect(parse(stdout).results).toEqual([
      {
        message: expect.stringContaining('`spec.overlay.vni` must be between 1 and 16777215, not "0"'),
        severity: 'error',
        resourceRef: {
          apiVersion: 'gatewaynetwork.dev/v1alpha1',
          kind: 'GatewayNetwork',
          name: 'vpn',
          namespace: 'egress',
        },
        field: { path: 'spec.overlay.vni', currentValue: 0 },
        tags: { code: 'InvalidValue' },
      },
    ]);
    expect(stderr.split('\n')).toHaveLength(2);
    expect(stderr).toMatch(/^error: GatewayNetwork egress\/vpn: /);
  });

  test('documents are answered with documents, and on errors with nothing', () => {
    expect(parseAllDocuments(command([], NETWORK).stdout)).toHaveLength(9);
    expect(command([], BROKEN)).toMatchObject({ status: 1, stdout: '' });
  });

  test('text that is not UTF-8 is refused', () => {
    const { status, stderr } = spawnSync(join(ROOT, 'dist/gateway-network-fn'), {
      input: Buffer.from([0x61, 0xff, 0x62]),
    });
    expect(status).toBe(2);
    expect(String(stderr)).toBe('error: standard input must be UTF-8 text\n');
  });

  test('nothing at all is an error', () => {
    expect(command([])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('found no GatewayNetwork'),
    });
  });
});

test('at a terminal the help is printed', () => {
  // script(1) gives the program a terminal.
  const { stdout } = spawnSync('script', ['-qec', join(ROOT, 'dist/gateway-network-fn'), '/dev/null'], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  expect(stdout).toContain('Usage: gateway-network-fn');
});

test('the bundle for Node prints what the executable prints', () => {
  const bundle = spawnSync(process.execPath, [join(ROOT, 'dist/gateway-network-fn.mjs')], {
    input: resourceList(NETWORK),
    encoding: 'utf8',
  });
  expect(bundle.stdout).toBe(command([], resourceList(NETWORK)).stdout);
});

test('code and settings for a runtime in the working directory are not taken', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gwn-'));
  writeFileSync(join(folder, 'bunfig.toml'), 'preload = ["./preload.js"]\n');
  writeFileSync(join(folder, 'preload.js'), 'console.error("ran")\n');
  writeFileSync(join(folder, '.env'), 'BUN_OPTIONS=--preload=./preload.js\n');
  expect(command([], NETWORK, folder)).toMatchObject({ status: 0, stderr: '' });
  rmSync(folder, { recursive: true });
});
