import { now, sleep } from '../system/clock.ts';
import { namesIn, readFile, replaceFile } from '../system/files.ts';
import { exit, onSignal, say, variable } from '../system/process.ts';
import { STATE_DIR } from '../status/status-file.ts';
import { whyNotHeld } from './held.ts';
import { missingRoutes, PRIMARY } from './missing.ts';
import { readOptions, type Wanted } from './options.ts';
import { readIPv6Routes, readRoutes } from './routes.ts';

/** How long the routes are waited for, then the node or an eviction, and how often all is looked at: milliseconds. */
const PATIENCE = {
  routes: 5_000,
  node: Number(variable('HOLD_PATIENCE') ?? 60_000),
  eviction: Number(variable('EVICTION_PATIENCE') ?? 120_000),
} as const;
const GLANCE = 50;

/** What each attempt leaves in the volume, in bytes: the last goes beyond its limit of 1 MiB. */
const RUBBLE = 400 * 1024;
const ATTEMPTS = 3;

/**
 * Ends well where the pod has the routes of its network and the node holds its primary interface, and else badly, after
 * a while; then the kubelet starts it again, later each time. Nothing that runs in a pod has Multus attach it: its
 * networks are made with its sandbox, before its first container. So after some attempts without the routes the pod
 * must go: each leaves something in a volume, and beyond the volume's limit the kubelet evicts the pod, and its
 * controller makes another. A node that does not hold it may do so any time, when its agent runs.
 */
export async function main(_: string, options: readonly string[]): Promise<void> {
  // The kernel ends the first process of a container only by what that asks for.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) onSignal(signal, () => exit(1));
  const wanted = read(options);
  const missing = await remaining(PATIENCE.routes, () => missingRoutes(wanted, routes()));
  if (missing !== undefined) return refuse(wanted, missing);
  const open = wanted.held ? await remaining(PATIENCE.node, whyNotHeld) : undefined;
  if (open !== undefined) return refuseOpen(wanted, open);
  say(`the routes of ${wanted.network} are there${wanted.held ? `, and the node holds ${PRIMARY}` : ''}`);
}

/** What still is in the way when there is no more patience; nothing as soon as nothing is. */
async function remaining(patience: number, look: () => string | undefined): Promise<string | undefined> {
  const deadline = now() + patience;
  for (;;) {
    const found = look();
    if (found === undefined || now() >= deadline) return found;
    await sleep(GLANCE);
  }
}

function read(options: readonly string[]): Wanted {
  try {
    return readOptions(options);
  } catch (error) {
    say(String(error));
    return exit(2);
  }
}

function routes() {
  return [...readRoutes(readFile('/proc/net/route') ?? ''), ...readIPv6Routes(readFile('/proc/net/ipv6_route') ?? '')];
}

async function refuse({ network }: Wanted, missing: string): Promise<never> {
  const attempt = namesIn(STATE_DIR).length + 1;
  replaceFile(`${STATE_DIR}/attempt-${attempt}`, incompressible(RUBBLE));
  say(
    `this pod is not attached to the network ${network}, so it does not start: ${missing}. ` +
      'Was Multus running on this node when the pod was made? See its pods and /etc/cni/net.d there. ' +
      'The kubelet evicts this pod within some minutes, and its controller makes another.',
  );
  // The kubelet measures volumes once a minute, and every 10 s looks only at pods of which a container runs.
  if (attempt >= ATTEMPTS) await sleep(PATIENCE.eviction);
  exit(1);
}

function refuseOpen({ network }: Wanted, why: string): never {
  say(
    `this pod does not start, because a program of it could leave around the network ${network}: ${why}. ` +
      "Is the network's agent ready on this node? " +
      'Where pods do not send by the rules of their node, as with eBPF, set spec.cluster.dataplane to Other.',
  );
  exit(1);
}

/** A file system that compresses would make little of a text that repeats itself. */
function incompressible(length: number): string {
  let text = '';
  while (text.length < length) text += Math.random().toString(36).slice(2);
  return text.slice(0, length);
}
