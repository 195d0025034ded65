import type { V1Container, V1Probe } from '@kubernetes/client-node';
import type { Answer, Container } from '../image/container.ts';
import { waitUntil } from '../image/wait.ts';

export type { Answer } from '../image/container.ts';

/** How long a sidecar may take to start where its probe does not say, in milliseconds. */
const PATIENCE = 10_000;

/**
 * Runs the readiness probe of a container; one that has none is ready as long as it runs. It does not wait for what is
 * not ready yet, and what it says is without the fingerprint of the configuration.
 */
export function probe({ name, readinessProbe }: V1Container, container: Container): Answer {
  if (readinessProbe) {
    const command = commandOf(name, readinessProbe).filter((argument) => !argument.startsWith('--wait='));
    const { status, output } = container.exec(command);
    return { status, output: output.replace(/ \(configuration [\da-f]{16}\)$/, '') };
  }
  const isRunning = container.processes().length > 0;
  return isRunning ? { status: 0, output: 'ready' } : { status: 1, output: `${name} has ended` };
}

/**
 * Waits for the end of an init container, or, where it is a sidecar, until its startup probe has
 * succeeded. Throws with its log
 * where that fails.
 */
export function runInitContainer({ name, restartPolicy, startupProbe }: V1Container, container: Container): void {
  if (restartPolicy !== 'Always') {
    const code = container.wait();
    const log = container.log();
    container.remove();
    if (code !== 0) throw new Error(`the init container ${name} ended with ${code ?? 'nothing in time'}: ${log}`);
  } else if (startupProbe) {
    const command = commandOf(name, startupProbe);
    if (!waitUntil(() => container.exec(command).status === 0, PATIENCE))
      throw new Error(`the sidecar ${name} does not start: ${container.log()}`);
  }
}

function commandOf(name: string, { exec }: V1Probe): readonly string[] {
  if (!exec?.command) throw new Error(`${name} has a probe that is no command`);
  return exec.command;
}
