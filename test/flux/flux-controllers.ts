import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../engines/free-port.ts';

/** Flux's own controllers, as they run in a cluster except for leader election. */
export interface FluxControllers {
  /** The last lines that each has logged. */
  readonly logs: () => string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts source-controller and kustomize-controller, the latter with the feature that
 * ExternalArtifacts need. They end with this process.
 */
export async function startFlux(kubeconfig: string, source: string, kustomize: string): Promise<FluxControllers> {
  const folder = mkdtempSync(join(tmpdir(), 'gwn-flux-own-'));
  const storage = `127.0.0.1:${await freePort()}`;
  mkdirSync(join(folder, 'data'));
  const running: [string, ChildProcess][] = [];
  const start = async (name: string, program: string, args: readonly string[]): Promise<void> => {
    const log = openSync(join(folder, `${name}.log`), 'a');
    const addresses = [`--health-addr=127.0.0.1:${await freePort()}`, `--metrics-addr=127.0.0.1:${await freePort()}`];
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...addresses, ...args], {
      stdio: ['ignore', log, log],
      env: {
        PATH: process.env['PATH'],
        KUBECONFIG: kubeconfig,
        RUNTIME_NAMESPACE: 'flux-system',
        TMPDIR: folder,
        HOME: folder,
      },
    });
    closeSync(log);
    running.push([name, child]);
  };
  await start('source-controller', source, [
    `--storage-path=${join(folder, 'data')}`,
    `--storage-addr=${storage}`,
    `--storage-adv-addr=${storage}`,
  ]);
  await start('kustomize-controller', kustomize, ['--feature-gates=ExternalArtifact=true']);
  return {
    logs: () =>
      running
        .map(
          ([name]) =>
            `${name}:\n${readFileSync(join(folder, `${name}.log`), 'utf8')
              .split('\n')
              .slice(-20)
              .join('\n')}`,
        )
        .join('\n'),
    stop: async () => {
      for (const [, child] of running) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true });
    },
  };
}
