import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithApiServer } from '../api-server/cluster.ts';
import { freePort } from '../engines/free-port.ts';
import { buildFluxImage, type FluxImage } from '../engines/image.ts';
import { output, run } from '../engines/program.ts';
import { baseSystem, command, kustomizes, type Tool } from '../engines/tool.ts';
import { createBed, type Bed } from './bed.ts';
import { consume } from './consumer.ts';

const HARDENED = ['--read-only', '--read-only-tmpfs=false', '--cap-drop=all', '--security-opt=no-new-privileges'];

const needs = [
  command('buildah'),
  command('podman'),
  command('runc'),
  command('npm'),
  kustomizes().at(-1) as Tool,
  baseSystem(),
];
describeWithApiServer(needs, (cluster, buildah = '', podman = '', _runc, npm = '', kustomize = '', base = '') => {
  let image: FluxImage;
  let bed: Bed;
  beforeAll(async () => {
    image = buildFluxImage({ buildah, podman, npm, kustomize, base });
    // The API server has closed what was idle meanwhile, and this process has to hear of it before it asks again.
    await sleep(100);
    bed = await createBed(cluster());
  }, 300_000);
  afterAll(async () => {
    await bed?.close();
    image?.remove();
  }, 60_000);

  test('says who it runs as and what it is', () => {
    const [{ Config: config }] = JSON.parse(output(podman, ['inspect', image.name], { env: image.env }));
    expect(config.User).toBe('65534:65534');
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'gateway-network-flux',
      'org.opencontainers.image.version': '1.2.3',
      'org.opencontainers.image.revision': 'abc',
    });
  });

  test('as its pod runs it, without a capability on a read-only root, it publishes, and ends when it is told to', async () => {
    const [port, health, store] = [await freePort(), await freePort(), mkdtempSync(join(tmpdir(), 'gwn-flux-store-'))];
    output('chown', ['65534:65534', store]);
    await bed.commit('contained', 1000);
    const mounts = [
      `--volume=${bed.kubeconfig}:/kubeconfig:ro`,
      `--volume=${store}:/data`,
      '--env=KUBECONFIG=/kubeconfig',
    ];
    const addresses = [
      `--storage-addr=127.0.0.1:${port}`,
      `--storage-adv-addr=127.0.0.1:${port}`,
      `--health-addr=127.0.0.1:${health}`,
    ];
    const options = ['--detach', '--name=controller', '--network=host', ...HARDENED, ...mounts];
    output(podman, ['run', ...options, image.name, ...addresses], { env: image.env });
    try {
      await bed.succeeded('contained', '1000');
      expect((await consume(cluster(), 'contained')).size).toBeGreaterThan(5);
      await expect
        .poll(async () => (await fetch(`http://127.0.0.1:${health}/readyz`)).status, { timeout: 10_000 })
        .toBe(200);
      output(podman, ['stop', '--time=10', 'controller'], { env: image.env });
      await sleep(100);
      const [{ State: state }] = JSON.parse(output(podman, ['inspect', 'controller'], { env: image.env }));
      expect(state.ExitCode).toBe(0);
    } finally {
      run(podman, ['rm', '--force', '--time=0', 'controller'], { env: image.env });
      rmSync(store, { recursive: true });
    }
  }, 90_000);
});
