import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './process.ts';

const ROOT = '/sys/fs/cgroup';

/** Whether the control groups are those of version 1, a hierarchy for each controller. */
export const ARE_SEVERAL = existsSync(join(ROOT, 'memory/tasks'));

/** Makes a control group in every hierarchy, with the processors of its parent. */
export function makeGroups(path: string): void {
  for (const hierarchy of hierarchies()) {
    path.split('/').reduce(
      (parent, name) => {
        const group = join(parent, name);
        mkdirSync(group, { recursive: true });
        if (hierarchy === 'cpuset') {
          for (const file of ['cpuset.cpus', 'cpuset.mems']) {
            writeFileSync(join(group, file), readFileSync(join(parent, file), 'utf8'));
          }
        }
        return group;
      },
      join(ROOT, hierarchy),
    );
  }
}

/** Removes a group in every hierarchy, with those in it. What was killed in them takes a moment to end. */
export async function removeGroups(path: string): Promise<void> {
  await until(`the end of all in the control group ${path}`, 30, () =>
    hierarchies().every((name) => tryRemove(join(ROOT, name, path))),
  );
}

/** Removes the groups of processes that have ended without doing so. */
export function removeOrphanGroups(): void {
  for (const hierarchy of hierarchies()) {
    for (const name of readdirSync(join(ROOT, hierarchy))) {
      const pid = /^gwn-(\d+)-/.exec(name)?.[1];
      if (pid !== undefined && !existsSync(`/proc/${pid}`)) tryRemove(join(ROOT, hierarchy, name));
    }
  }
}

function tryRemove(group: string): boolean {
  if (!existsSync(group)) return true;
  return spawnSync('find', [group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', '+']).status === 0;
}

function hierarchies(): readonly string[] {
  return readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'unified')
    .map(({ name }) => name);
}
