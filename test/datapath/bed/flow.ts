import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Namespace } from '../../agent/namespace.ts';

/** What a client may try: `tcp,203.0.113.10,443`, `udp,2001:db8::10,53`, `icmp,203.0.113.10`. */
export type Flow = string;

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** Which of some flows are answered. */
export async function answered(namespace: Namespace, flows: readonly Flow[]): Promise<readonly Flow[]> {
  const args = ['netns', 'exec', namespace, process.execPath, path('flow-prober.ts'), ...flows];
  const { stdout } = await promisify(execFile)('ip', args);
  const answers = JSON.parse(stdout) as readonly boolean[];
  return flows.filter((_, index) => answers[index]);
}

/** Starts echo servers (UDP and TCP) on some addresses and ports, which live as long as the namespace. */
export async function listen(
  namespace: Namespace,
  addresses: readonly string[],
  ports: readonly number[],
): Promise<void> {
  for (const port of ports) {
    const args = ['netns', 'exec', namespace, process.execPath, path('echo-server.ts'), String(port), ...addresses];
    const server = spawn('ip', args);
    await once(server.stdout, 'data');
    server.unref();
  }
}
