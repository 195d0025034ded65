import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './command.ts';

/** Words of the client of Kubernetes. */
const WORDS = ['getContextObject', 'client-key-data', 'undici'];
const heldBy = (file: string) => {
  const bundle = readFileSync(join(ROOT, 'dist', file), 'utf8');
  return WORDS.filter((word) => bundle.includes(word));
};

test('the client of Kubernetes is in a file of its own, which the function does not read', () => {
  expect(heldBy('cluster.mjs')).toEqual(WORDS);
  expect(['gateway-network-fn.mjs', 'index.mjs', 'index.cjs'].map(heldBy)).toEqual([[], [], []]);
});

test('the executable needs no other file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gwn-status-'));
  try {
    const program = join(folder, 'gateway-network-fn');
    copyFileSync(join(ROOT, 'dist/gateway-network-fn'), program);
    const { status, stderr } = spawnSync(program, ['status'], { cwd: folder, env: { HOME: folder }, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^error: there is no kubeconfig: /),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
