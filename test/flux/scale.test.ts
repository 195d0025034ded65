import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithApiServer } from '../api-server/cluster.ts';
import { createBed, type Bed } from './bed.ts';
import { removeStore, startController, type ControllerProcess } from './controller-process.ts';
import { condition, get, putRender, type Any } from './kube.ts';
import { networkText, sha256, tarball } from './tarball.ts';

const [SOURCES, PER_SOURCE] = [50, 10];
const ALL = '/apis/gatewaynetwork.dev/v1alpha1/gatewaynetworkrenders';
const ARTIFACTS = '/apis/source.toolkit.fluxcd.io/v1/externalartifacts';
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describeWithApiServer([], (cluster) => {
  let bed: Bed;
  let controller: ControllerProcess;
  beforeAll(async () => {
    bed = await createBed(cluster());
    controller = await startController(bed.kubeconfig);
    await controller.untilReady();
  }, 200_000);
  afterAll(async () => {
    await controller?.kill('SIGKILL');
    removeStore(controller);
    await bed?.close();
  });

  /** A commit to every source, each with a network for each of its objects. */
  const commitAll = async (commit: string, first: number): Promise<void> => {
    const archives = numbers(SOURCES).map(async (source) => {
      const files = numbers(PER_SOURCE).map((index): [string, string] => [
        `n${index}/vpn.yaml`,
        networkText(`vpn-${index}`, first + source * PER_SOURCE + index),
      ]);
      return tarball(Object.fromEntries(files));
    });
    await Promise.all(
      (await Promise.all(archives)).map(async (archive, source) =>
        bed.sources.publish(cluster(), `source-${source}`, commit, archive),
      ),
    );
  };
  /** Waits until all objects are Ready with a commit, and gives the seconds that took. */
  const allReady = async (commit: string, started: number): Promise<number> => {
    const wanted = (object: Any) => {
      const { status, message } = condition(object) ?? {};
      return status === 'True' && message.endsWith(`main@sha1:${commit}`);
    };
    await expect
      .poll(async () => (await get(cluster(), ALL)).items.filter(wanted).length, { timeout: 120_000, interval: 1000 })
      .toBe(SOURCES * PER_SOURCE);
    return (performance.now() - started) / 1000;
  };

  test('500 objects on 50 sources, all changed at once, are Ready within a minute, in 250 MiB, with one artifact each', async () => {
    await commitAll('a1', 1000);
    let started = performance.now();
    for (const source of numbers(SOURCES)) {
      await Promise.all(
        numbers(PER_SOURCE).map(async (index) =>
          putRender(cluster(), `render-${source}-${index}`, {
            sourceRef: { kind: 'GitRepository', name: `source-${source}` },
            path: `./n${index}`,
          }),
        ),
      );
    }
    const first = await allReady('a1', started);
    const before = await publications(controller);
    expect(before).toBe(SOURCES * PER_SOURCE);

    started = performance.now();
    await commitAll('b2', 2000);
    const second = await allReady('b2', started);
    const peak = controller.peakMemory() / 2 ** 20;
    console.log(
      `${first.toFixed(1)} s at first, ${second.toFixed(1)} s for the change, ${peak.toFixed(0)} MiB at the peak`,
    );
    expect(second).toBeLessThan(60);
    expect(peak).toBeLessThan(250);

    expect(await publications(controller)).toBe(2 * before);
    const artifacts: Any[] = (await get(cluster(), ARTIFACTS)).items;
    expect(artifacts).toHaveLength(SOURCES * PER_SOURCE);
    expect(new Set(artifacts.map(({ status }) => status.artifact.digest)).size).toBe(SOURCES * PER_SOURCE);
    const folder = join(controller.storage, 'externalartifact/default');
    expect(new Set(readdirSync(folder).map((name) => readdirSync(join(folder, name)).length))).toEqual(new Set([2]));
    for (const { status } of artifacts.slice(0, 20)) {
      const response = await fetch(status.artifact.url);
      expect(sha256(Buffer.from(await response.arrayBuffer()))).toBe(status.artifact.digest);
    }
  }, 300_000);
});

/** How many artifacts the controller has published. */
async function publications({ metrics }: ControllerProcess): Promise<number> {
  return Number(/^gateway_network_flux_artifacts_published_total (\d+)$/m.exec(await metrics())?.[1]);
}
