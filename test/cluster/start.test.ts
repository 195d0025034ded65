import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeWith } from '../engines/describe-tools.ts';
import { startCluster } from './cluster.ts';
import { neededTools } from './describe.ts';

const [needed, programs] = neededTools();

describeWith([{ title: 'a cluster that fails to start', path: '/' }, ...needed], () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gwn-start-'));
    vi.stubEnv('TMPDIR', folder);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it('leaves nothing behind', async () => {
    // Nodes are made when the control plane has started.
    await expect(startCluster({ ...programs(), plugins: '/nowhere' })).rejects.toThrow('/nowhere');
    expect(readdirSync(folder)).toEqual([]);
    expect(print('ps', '-eo', 'args').filter((command) => command.includes(folder))).toEqual([]);
    expect(print('ip', 'netns', 'list').filter((name) => name.includes(`-${process.pid}-`))).toEqual([]);
    expect(readdirSync('/sys/fs/cgroup/pids').filter((name) => name.startsWith(`gwn-${process.pid}-`))).toEqual([]);
  });
});

function print(command: string, ...args: readonly string[]): readonly string[] {
  return execFileSync(command, args, { encoding: 'utf8' }).split('\n');
}
