import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Busy loops, and how long a process waits for a processor beside them. */
export interface Load extends Disposable {
  /** The longest wait since it was last asked, in milliseconds. */
  readonly delay: () => Promise<number>;
}

/** Sleeps for 5 ms again and again, and says on demand by how much it was late at most. */
const WATCH = `
  let most = 0, before = performance.now();
  const tick = () => { const now = performance.now(); most = Math.max(most, now - before - 5); before = now; setTimeout(tick, 5); };
  setTimeout(tick, 5);
  process.stdin.on('data', () => { process.stdout.write(Math.round(most) + '\\n'); most = 0; });
  process.stdin.on('end', () => process.exit());
`;

export function startLoad(loops: number): Load {
  const busy = Array.from({ length: loops }, () => spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' }));
  const watch: ChildProcess = spawn(process.execPath, ['--eval', WATCH], { stdio: ['pipe', 'pipe', 'inherit'] });
  return {
    delay: async () => {
      watch.stdin?.write('?');
      const [answer] = await once(watch.stdout as NodeJS.ReadableStream, 'data');
      return Number(String(answer));
    },
    [Symbol.dispose]: () => {
      for (const each of [...busy, watch]) each.kill('SIGKILL');
    },
  };
}
