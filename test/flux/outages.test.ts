import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { describeWithApiServer } from '../api-server/cluster.ts';
import { request } from '../api-server/request.ts';
import { filesIn } from '../engines/folder.ts';
import { freePort } from '../engines/free-port.ts';
import { createBed, type Bed } from './bed.ts';
import { consume } from './consumer.ts';
import { startController, type ControllerProcess, type StartOptions } from './controller-process.ts';
import { condition, get, paths, put, putRender } from './kube.ts';
import { sha256 } from './tarball.ts';
import { startProxy, type TcpProxy } from './tcp-proxy.ts';

const LEASE = '/apis/coordination.k8s.io/v1/namespaces/flux-system/leases/gateway-network-flux';

describeWithApiServer([], (cluster) => {
  let bed: Bed;
  const running: ControllerProcess[] = [];
  const proxies: TcpProxy[] = [];
  const stores: string[] = [];
  beforeAll(async () => void (bed = await createBed(cluster())), 200_000);
  afterAll(async () => bed?.close());
  afterEach(async () => {
    await Promise.all(running.splice(0).map(({ kill }) => kill('SIGKILL')));
    await Promise.all(proxies.splice(0).map(({ close }) => close()));
    for (const store of stores.splice(0)) rmSync(store, { recursive: true });
    // What was killed has not given the lease back.
    await dropLease();
  });

  /** As if its duration were over. */
  const dropLease = async () => request(cluster(), 'DELETE', LEASE);
  const newStore = (): string => {
    const store = mkdtempSync(join(tmpdir(), 'gwn-flux-store-'));
    stores.push(store);
    return store;
  };
  const start = async (options: StartOptions = {}, kubeconfig = bed.kubeconfig): Promise<ControllerProcess> => {
    const process = await startController(kubeconfig, { storage: newStore(), ...options });
    running.push(process);
    return process;
  };
  const proxy = async (target: () => Promise<number | undefined>): Promise<TcpProxy> => {
    const started = await startProxy(target);
    proxies.push(started);
    return started;
  };
  /** The API server behind a network that can be cut, and a kubeconfig that leads through it. */
  const behindNetwork = async () => {
    const network = await proxy(async () => Number(new URL(cluster().url).port));
    const kubeconfig = join(dirname(bed.kubeconfig), `through-${network.port}`);
    const text = readFileSync(bed.kubeconfig, 'utf8');
    writeFileSync(kubeconfig, text.replace(cluster().url, `https://127.0.0.1:${network.port}`));
    return { network, kubeconfig };
  };
  /** A Service: it leads to the replica that is ready. */
  const service = async (replicas: readonly ControllerProcess[]): Promise<TcpProxy> =>
    proxy(async () => {
      for (const { isReady, url } of replicas) if (await isReady()) return Number(new URL(url).port);
      return undefined;
    });

  test('killed at any step, it has the last good artifact again when it is started, and ends where it would have', async () => {
    const [storage, port] = [newStore(), await freePort()];
    await bed.commit('killed', 1000);
    await (await start({ storage, port })).untilReady();
    await bed.succeeded('killed', '1000');
    const seen = new Set<string>();
    for (let step = 1; step <= 16; step += 1) {
      const before = await bed.artifact('killed');
      await bed.commit('killed', 1000 + step);
      await sleep(step * 8);
      await running.pop()?.kill('SIGKILL');
      const after = await bed.artifact('killed');
      seen.add(after.digest === before.digest ? 'killed before it was published' : 'killed after it was published');
      for (const [path, bytes] of filesOf(storage)) expect(`sha256:${basename(path, '.tar.gz')}`).toBe(sha256(bytes));
      expect(filesOf(storage).map(([path]) => `externalartifact/${path}`)).toContain(after.path);
      await dropLease();
      const controller = await start({ storage, port });
      await expect
        .poll(async () => (await fetch(after.url).catch(() => undefined))?.status, { timeout: 10_000 })
        .toBe(200);
      await controller.untilReady();
      await bed.succeeded('killed', String(1000 + step));
      expect(JSON.stringify([...(await consume(cluster(), 'killed'))])).toContain(String(1000 + step));
    }
    expect([...seen].toSorted()).toEqual(['killed after it was published', 'killed before it was published']);
  }, 200_000);

  test('with an empty store it renders the same bytes again, and writes nothing to the API server', async () => {
    const port = await freePort();
    await bed.commit('again', 1000);
    await (await start({ port })).untilReady();
    await bed.succeeded('again', '1000');
    const everything = async () => [
      await get(cluster(), paths.artifact('again')),
      await get(cluster(), paths.render('again')),
    ];
    const before = await everything();
    const files = await consume(cluster(), 'again');
    await running.pop()?.kill('SIGTERM');
    // Sources that are long in coming: none is taken for missing meanwhile.
    const metadata = (name: string) => ({ name, namespace: 'default', annotations: { long: 'x'.repeat(200_000) } });
    const padding = Array.from({ length: 100 }, (_, index) => `padding-${index}`);
    const source = {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      spec: { interval: '1h', url: 'http://x' },
    };
    for (const name of padding) await put(cluster(), paths.repository(name), { ...source, metadata: metadata(name) });
    await (await start({ port })).untilReady();
    for (const name of padding) await request(cluster(), 'DELETE', paths.repository(name));
    expect(await consume(cluster(), 'again')).toEqual(files);
    expect(await everything()).toEqual(before);
  }, 60_000);

  test('with --no-cross-namespace-refs it refuses sources of other namespaces', async () => {
    await bed.commit('near', 1000);
    await (await start({ args: ['--no-cross-namespace-refs'] })).untilReady();
    await bed.succeeded('near', '1000');
    const sourceRef = { kind: 'GitRepository', name: 'near', namespace: 'default' };
    await putRender(cluster(), 'far', { sourceRef }, 'flux-system');
    const ready = async () => condition(await get(cluster(), paths.render('far', 'flux-system')));
    await expect.poll(ready).toMatchObject({ status: 'False', reason: 'AccessDenied' });
    await running.pop()?.kill('SIGTERM');
    await start();
    await expect.poll(ready, { timeout: 10_000 }).toMatchObject({ status: 'True' });
    await request(cluster(), 'DELETE', paths.render('far', 'flux-system'));
  }, 60_000);

  test('told to end, it ends well, and gives the lease back', async () => {
    const controller = await start();
    await controller.untilReady();
    const started = performance.now();
    expect(await controller.kill('SIGTERM')).toBe(0);
    expect(performance.now() - started).toBeLessThan(3000);
    expect((await get(cluster(), LEASE)).spec.holderIdentity).toBe('');
  });

  test('while the API server restarts, artifacts are served; then commits are published again', async () => {
    await bed.commit('restart', 1000);
    const controller = await start();
    await controller.untilReady();
    const { url } = await bed.artifact('restart');
    const answers: number[] = [];
    const asking = setInterval(() => void fetch(url).then(({ status }) => answers.push(status)), 20);
    await cluster().restart();
    clearInterval(asking);
    expect([answers.length > 20, new Set(answers)]).toEqual([true, new Set([200])]);
    const started = performance.now();
    await bed.commit('restart', 1001);
    await bed.succeeded('restart', '1001');
    console.log(`after the restart of the API server, a commit took ${Math.round(performance.now() - started)} ms`);
    await controller.kill('SIGTERM');
    expect(controller.logs().filter((line) => line.includes('another replica leads'))).toEqual([]);
  }, 120_000);

  describe('of two replicas', () => {
    const two = async () => {
      const replicas: ControllerProcess[] = [];
      const front = await service(replicas);
      const advertised = `127.0.0.1:${front.port}`;
      replicas.push(await start({ advertised }));
      await replicas[0]?.untilReady();
      replicas.push(await start({ advertised }));
      return replicas as [ControllerProcess, ControllerProcess];
    };

    test('one works; when it is killed the other one does once the lease has run out, and no artifact is lost', async () => {
      await bed.commit('pair', 1000);
      const [leader, follower] = await two();
      await bed.succeeded('pair', '1000');
      await sleep(3000);
      expect([await leader.isReady(), await follower.isReady()]).toEqual([true, false]);
      const before = await get(cluster(), paths.artifact('pair'));
      const started = performance.now();
      await leader.kill('SIGKILL');
      await expect.poll(() => follower.isReady(), { timeout: 40_000 }).toBe(true);
      const seconds = (performance.now() - started) / 1000;
      console.log(`the other replica was ready after ${seconds.toFixed(1)} s`);
      expect(seconds).toBeLessThan(30);
      expect(await get(cluster(), paths.artifact('pair'))).toEqual(before);
      expect((await consume(cluster(), 'pair')).size).toBeGreaterThan(5);
      await bed.commit('pair', 1001);
      await bed.succeeded('pair', '1001');
    }, 60_000);

    test('told to end, the leader hands over at once', async () => {
      await bed.commit('pair', 1002);
      const [leader, follower] = await two();
      const started = performance.now();
      expect(await leader.kill('SIGTERM')).toBe(0);
      await expect.poll(() => follower.isReady(), { timeout: 20_000 }).toBe(true);
      expect(performance.now() - started).toBeLessThan(5000);
      await consume(cluster(), 'pair');
    }, 60_000);

    test.for(['cut', 'stall'] as const)(
      'one that is cut off (%s) stops to write, and ends when it finds another in its place',
      async (way) => {
        await bed.commit('cut', 1000);
        const { network, kubeconfig } = await behindNetwork();
        const advertised = `127.0.0.1:${await freePort()}`;
        const leader = await start({ advertised }, kubeconfig);
        await leader.untilReady();
        const { path } = await bed.artifact('cut');
        const follower = await start({ advertised });
        network[way]();
        await expect.poll(() => leader.logs().join('\n'), { timeout: 20_000 }).toContain('could not be renewed');
        // Not before the other one may take over, which it has not yet.
        expect(await follower.isReady()).toBe(false);
        expect((await fetch(`${leader.url}/${path}`)).status).toBe(200);
        await expect.poll(() => follower.isReady(), { timeout: 20_000 }).toBe(true);
        await bed.commit('cut', 1001);
        await bed.succeeded('cut', '1001');
        network.mend();
        expect(await leader.kill('SIGCONT')).toBe(1);
        expect(leader.logs().join('\n')).toContain('another replica leads');
      },
    );
  });

  test('cut off from the API server and alone, it serves, and goes on when it is back', async () => {
    await bed.commit('alone', 1000);
    const { network, kubeconfig } = await behindNetwork();
    const controller = await start({}, kubeconfig);
    await controller.untilReady();
    network.cut();
    await expect.poll(() => controller.logs().join('\n'), { timeout: 20_000 }).toContain('could not be renewed');
    expect((await consume(cluster(), 'alone')).size).toBeGreaterThan(5);
    await bed.commit('alone', 1001);
    network.mend();
    await bed.succeeded('alone', '1001');
    expect(controller.logs().join('\n')).toContain('leading again');
  }, 90_000);
});

function filesOf(storage: string): readonly (readonly [string, Buffer])[] {
  return [...filesIn(join(storage, 'externalartifact')).keys()].map((path) => [
    path,
    readFileSync(join(storage, 'externalartifact', path)),
  ]);
}
