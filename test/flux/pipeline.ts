import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { ReachedServer } from '../api-server/api-server.ts';
import { applied } from '../api-server/apply.ts';
import { filesIn } from '../engines/folder.ts';
import { type Bed, createBed } from './bed.ts';
import { type ControllerProcess, removeStore, startController } from './controller-process.ts';
import { type FluxControllers, startFlux } from './flux-controllers.ts';
import { type GitServer, startGitServer } from './git-server.ts';
import { type Any, call, condition, get } from './kube.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/flux');

/** Where an object of the example is, all of which have one name. */
const pathOf = (group: string, plural: string) =>
  `/apis/${group}.toolkit.fluxcd.io/v1/namespaces/flux-system/${plural}/networks`;
export const [REPOSITORY, KUSTOMIZATION, ARTIFACT] = [
  pathOf('source', 'gitrepositories'),
  pathOf('kustomize', 'kustomizations'),
  pathOf('source', 'externalartifacts'),
];

/** examples/flux at work: a repository, Flux's controllers, and ours between them. */
export interface Pipeline {
  readonly git: GitServer;
  /** What all controllers have logged last. */
  readonly logs: () => string;
  /** Applies the objects of the example, and waits until what is committed is applied. */
  readonly start: () => Promise<void>;
  /** Has Flux look at the repository now instead of after its interval. */
  readonly look: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts the controllers; the server must have all CustomResourceDefinitions. */
export async function startPipeline(server: ReachedServer, source: string, kustomize: string): Promise<Pipeline> {
  const bed: Bed = await createBed(server);
  const git = await startGitServer();
  const controller: ControllerProcess = await startController(bed.kubeconfig);
  const controllers: FluxControllers = await startFlux(server.kubeconfig, source, kustomize);
  await controller.untilReady();
  const logs = () => `${controllers.logs()}\n${controller.logs().join('\n')}`;
  let asked = 0;
  return {
    git,
    logs,
    start: async () => {
      for (const document of parseAllDocuments(readFileSync(join(EXAMPLE, 'cluster/network.yaml'), 'utf8'))) {
        const object: Any = document.toJS();
        if (object.kind === 'GitRepository') object.spec.url = git.url;
        // There is no Flux that installs Multus here.
        delete object.spec.dependsOn;
        await applied(server, JSON.stringify(object));
      }
      try {
        await expect
          .poll(async () => condition(await get(server, KUSTOMIZATION)), { timeout: 60_000, interval: 100 })
          .toMatchObject({ status: 'True' });
      } catch (error) {
        throw new Error(logs(), { cause: error });
      }
    },
    look: async () => {
      asked += 1;
      const annotations = { 'reconcile.fluxcd.io/requestedAt': String(asked) };
      await call(server, 'PATCH', REPOSITORY, { metadata: { annotations } }, 'application/merge-patch+json');
    },
    stop: async () => {
      await controllers.stop();
      await controller.kill('SIGKILL');
      removeStore(controller);
      await git.close();
      await bed.close();
    },
  };
}

/** The directory of the example that Flux watches, with another VNI where one is given. */
export function networks(vni = 1000): Readonly<Record<string, string>> {
  const files = [...filesIn(join(EXAMPLE, 'networks'))].map(([path, text]) => [`networks/${path}`, text] as const);
  return Object.fromEntries(files.map(([path, text]) => [path, text.replace('vni: 1000', `vni: ${vni}`)]));
}
