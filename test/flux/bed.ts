import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ReachedServer } from '../api-server/api-server.ts';
import { condition, get, paths, putRender, type Any } from './kube.ts';
import { startSourceServer, type SourceServer } from './source-server.ts';
import { networkText, tarball } from './tarball.ts';
import { kubeconfigOfController } from './controller-process.ts';

/** What the tests of the controller share beside the API server: sources, rights, and words for what they wait for. */
export interface Bed {
  readonly sources: SourceServer;
  /** The kubeconfig of the controller. */
  readonly kubeconfig: string;
  /** Publishes a commit with a small network, whose VNI is the number; the object of that name renders it. */
  readonly commit: (name: string, number: number) => Promise<void>;
  /** The condition Ready of an object. */
  readonly ready: (name: string) => Promise<Any>;
  /** Waits until the condition Ready of an object says something, for 20 seconds. */
  readonly until: (name: string, wanted: object) => Promise<Any>;
  /** Waits until a commit is published. */
  readonly succeeded: (name: string, commit: string) => Promise<Any>;
  /** `status.artifact` of an ExternalArtifact. */
  readonly artifact: (name: string) => Promise<Any>;
  readonly close: () => Promise<void>;
}

/** Makes one; the server must have its CRDs. */
export async function createBed(server: ReachedServer): Promise<Bed> {
  const folder = mkdtempSync(join(tmpdir(), 'gwn-flux-'));
  const sources = await startSourceServer();
  const ready = async (name: string): Promise<Any> => condition(await get(server, paths.render(name)));
  const until = async (name: string, wanted: object): Promise<Any> => {
    await expect.poll(async () => ready(name), { timeout: 20_000, interval: 30 }).toMatchObject(wanted);
    return get(server, paths.render(name));
  };
  return {
    sources,
    kubeconfig: await kubeconfigOfController(server, folder),
    commit: async (name, number) => {
      await sources.publish(server, name, String(number), await tarball({ 'vpn.yaml': networkText('vpn', number) }));
      await putRender(server, name);
    },
    ready,
    until,
    succeeded: async (name, commit) =>
      until(name, { status: 'True', message: expect.stringMatching(`of main@sha1:${commit}$`) }),
    artifact: async (name) => (await get(server, paths.artifact(name)))?.status?.artifact,
    close: async () => {
      await sources.close();
      rmSync(folder, { recursive: true });
    },
  };
}
