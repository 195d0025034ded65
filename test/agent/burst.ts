import { execFile, execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ATTACHMENTS, ENTRY, type Guarded, noted } from './guarded.ts';
import type { Namespace } from './namespace.ts';

const execute = promisify(execFile);

/** The attachments of a network that has room for hundreds of pods. */
export const ROOMY = {
  ...ATTACHMENTS,
  subnets: ['192.168.0.0/16', 'fd00:50::/64'],
  pool: [['192.168.60.0', '192.168.79.255']],
};

/** A pod that is to be attached: its network namespace is there already. */
export interface Pod {
  readonly number: number;
  readonly namespace: Namespace;
  /** The node's end of `net1`. */
  readonly port: string;
  /** That of `eth0`. */
  readonly primary: string;
}

/** Makes pods by one command, and removes them so at the end of the block that holds them by `using`. */
export function createPods(count: number): { readonly all: readonly Pod[] } & Disposable {
  const all = Array.from({ length: count }, (_, number) => ({
    number,
    // Behind those that tests make one by one.
    namespace: `gwa-${process.pid}-${10_000 + number}`,
    port: `veth${number}`,
    primary: `cali${number}`,
  }));
  batch(all.map(({ namespace }) => `netns add ${namespace}`));
  return { all, [Symbol.dispose]: () => batch(all.map(({ namespace }) => `netns del ${namespace}`)) };
}

function batch(lines: readonly string[]): void {
  execFileSync('ip', ['-force', '-batch', '-'], { input: `${lines.join('\n')}\n`, stdio: 'pipe' });
}

/** Something that takes lines for ip(8) in a namespace, one process for all. */
export function commands(namespace: Namespace) {
  const child = spawn('ip', ['-n', namespace, '-force', '-batch', '-'], { stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return {
    run: (...lines: readonly string[]) => void child.stdin.write(`${lines.join('\n')}\n`),
    end: () => {
      child.stdin.end();
      return ended;
    },
  };
}

/**
 * Attaches a pod as Multus does: both interfaces, and for each a file of libcni, the second one a moment after the port
 * is on the bridge.
 */
export async function attachByMultus(
  { namespace, results }: Guarded,
  { number, namespace: pod, port, primary }: Pod,
  run: (...lines: readonly string[]) => void,
): Promise<void> {
  const inPod = execute('ip', ['-n', pod, '-batch', '-']);
  inPod.child.stdin?.end(`link add eth0 type veth peer name ${primary} netns ${namespace}
link set eth0 up
link add net1 mtu 1450 type veth peer name ${port} netns ${namespace}
link set net1 up
`);
  await inPod;
  const id = String(number).padStart(64, '0');
  writeFileSync(`${results}/cbr0-${id}-eth0`, noted(primary, { network: 'cbr0', addresses: ['10.0.0.7/24'] }));
  run(`link set ${primary} up`, `link set ${port} mtu 1450 up`, `link set ${port} master ${ENTRY}`);
  await sleep(100);
  const [high, low] = [60 + (number >> 8), number & 255];
  const mac = `02:00:00:00:${high.toString(16)}:${low.toString(16).padStart(2, '0')}`;
  const addresses = [`192.168.${high}.${low}/16`, `fd00:50::${(0x1000 + number).toString(16)}/64`];
  writeFileSync(`${results}/egress.vpn-${id}-net1`, noted(port, { mac, addresses }));
}
