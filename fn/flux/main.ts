import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { KubeConfig } from '@kubernetes/client-node';
import { createController } from './controller.ts';
import { serveHealth } from './health.ts';
import { enterElection, type Candidate } from './leader.ts';
import { createLog } from './log.ts';
import { readOptions } from './options.ts';
import { messageOf } from './refusal.ts';
import { createRenderThread } from './render-thread.ts';
import { listen, serveArchives } from './server.ts';
import { openStore } from './store.ts';

/** How long running work may take to end, in milliseconds. The Deployment allows more. */
const GRACE = 15_000;

const log = createLog((line) => process.stderr.write(line));

async function start(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  const config = new KubeConfig();
  config.loadFromDefault();
  const store = await openStore(options.storagePath);
  const thread = createRenderThread({ program: new URL('render-worker.mjs', import.meta.url) });
  let candidate: Candidate | undefined;
  let isStopping = false;
  const controller = createController({
    config,
    store,
    thread,
    log,
    server: options.storageAdvAddr,
    allowsCrossNamespace: options.crossNamespaceRefs,
    concurrency: options.concurrent,
    isLeader: () => candidate?.isLeader() ?? false,
  });
  const archives = await listen(
    options.storageAddr,
    serveArchives(store, (error) => log.error('serve', { error: messageOf(error) })),
  );
  const health = await listen(
    options.healthAddr,
    serveHealth(controller.metrics.registry, () => !isStopping && controller.hasSynced()),
  );
  candidate = enterElection({
    api: controller.api,
    namespace: options.leaseNamespace,
    name: 'gateway-network-flux',
    identity: `${hostname()}_${randomUUID()}`,
    log,
    onLead: controller.resume,
    onPause: controller.pause,
    onLose: () => end(1, 'another replica leads'),
  });
  log.info('started', { version: __VERSION__, storage: archives.port, health: health.port });

  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    log.info('stopping', { signal });
    setTimeout(() => end(1, 'running work did not end in time'), GRACE).unref();
    await controller.stop();
    await candidate?.stop();
    await Promise.all([archives.close(), health.close()]);
    end(0, 'stopped');
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
}

function end(status: number, message: string): never {
  log.info(message);
  process.exit(status);
}

start().catch((error: unknown) => {
  log.error('start', { error: messageOf(error) });
  process.exit(1);
});
