import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containerd } from '../engines/tool.ts';
import { IMAGES } from './add-ons.ts';
import { BUSYBOX, NODE_IMAGE } from './cluster-images.ts';
import type { Cluster } from './cluster.ts';
import { describeCluster } from './describe.ts';
import { type State, stateOf } from './node-state.ts';
import { TUTORIAL_TOOLS, upstreamFiles, writeTutorialImages } from './tutorial-files.ts';
import { comparable, type Step, stepsOf } from './tutorial.ts';
import { startUserMachine } from './user-machine.ts';
import type { Printed, UserSession } from './user-session.ts';

const OWN_NAME = 'test/cluster/getting-started.test.ts';
const PAGE = 'docs/getting-started.md';
/** Those of other tests are left out. */
const STEPS = stepsOf(fileURLToPath(new URL(`../../${PAGE}`, import.meta.url))).filter(
  ({ by = OWN_NAME }) => by === OWN_NAME,
);

/** How long all of it may take, in seconds. */
const LIMIT = 600;

describeCluster(
  PAGE,
  { multus: 'none' },
  (cluster) => {
    let session: UserSession;
    let before: readonly State[];
    beforeAll(async () => {
      forgetFiles(cluster());
      before = await states(cluster());
      session = await startUserMachine(cluster(), upstreamFiles(cluster()));
    }, 60_000);
    afterAll(async () => session.end());

    it(
      'leads from an empty cluster to a network that was tested, and back, by its commands as printed',
      async () => {
        const start = Date.now();
        for (const step of STEPS) {
          const begin = Date.now();
          const isAsPrinted = ({ output }: Printed) => comparable(output) === comparable(step.output ?? output);
          let printed = await take(step, cluster(), session);
          while (!isAsPrinted(printed) && Date.now() < begin + step.within * 1000) {
            await setTimeout(1000);
            printed = await take(step, cluster(), session);
          }
          const { output, status } = printed;
          const title = `${PAGE}:${step.line}`;
          console.log(`${title} after ${((Date.now() - begin) / 1000).toFixed(1)} s\n${output}`);
          expect(status, `${title}\n${output}`).toBe(step.status);
          if (step.output !== undefined) expect.soft(comparable(output), title).toBe(comparable(step.output));
        }
        const seconds = (Date.now() - start) / 1000;
        console.log(`${PAGE}: all of it took ${seconds.toFixed(0)} s`);
        expect(seconds).toBeLessThan(LIMIT);
      },
      LIMIT * 1000,
    );

    it('leaves the nodes as they were, and pods start there', async () => {
      expect(await states(cluster())).toEqual(before);
      await cluster().kubectl(['run', 'after', `--image=${BUSYBOX}`, '--', 'sleep', '1000']);
      await cluster().kubectl(['wait', '--for=condition=Ready', 'pod/after', '--timeout=30s']);
    });
  },
  TUTORIAL_TOOLS,
);

/** A pod that started before Multus and ended while it was there leaves what its container runtime had noted. */
async function states({ nodes }: Cluster): Promise<readonly State[]> {
  const all = await Promise.all(nodes.map(stateOf));
  const isNote = (file: string) => file.startsWith('/var/lib/cni/results/kindnet-');
  return all.map((state) => ({ ...state, files: (state['files'] ?? []).filter((file) => !isNote(file)) }));
}

/** Takes from the nodes what the page brings to them. */
function forgetFiles({ nodes }: Cluster): void {
  for (const node of nodes) {
    for (const name of ['bridge', 'tuning']) rmSync(join(node.folder, 'root/opt/cni/bin', name));
    node.ctr(['images', 'remove', '--sync', NODE_IMAGE, IMAGES.multus, IMAGES.whereabouts]);
  }
}

/** Runs the commands of a step where the page says. In place of Docker, which is not here, the archives are written. */
async function take(step: Step, { nodes }: Cluster, session: UserSession): Promise<Printed> {
  if (step.needs !== undefined) {
    if (step.commands.includes('docker save')) writeTutorialImages(join(await session.cwd(), 'images'));
    return { output: `not run, since it needs ${step.needs}\n`, status: step.status };
  }
  if (step.on === undefined) return session.enter(step.commands);
  const folder = await session.cwd();
  const env = ['env', `--chdir=${folder}`, `PATH=${containerd().path}:${process.env['PATH']}`];
  const outputs = nodes.map(async (node) => node.call([...env, 'sh', '-ec', step.commands]));
  return { output: [...new Set(await Promise.all(outputs))].join(''), status: 0 };
}
