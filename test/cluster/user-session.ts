import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Namespace } from '../agent/namespace.ts';

/** What commands have printed, to both outputs, and the exit status of the last that failed; 0 where none has. */
export interface Printed {
  readonly output: string;
  readonly status: number;
}

/** A shell that stays, as that of somebody who works through a page: its folder, variables and jobs stay, too. */
export interface UserSession {
  /** Runs commands after those before. */
  readonly enter: (commands: string) => Promise<Printed>;
  /** The folder that it is in. */
  readonly cwd: () => Promise<string>;
  readonly end: () => Promise<void>;
}

const END = 'commands have ended:';

/** Starts one in a network namespace. What it is given and prints goes to files of a folder. */
export function startSession(namespace: Namespace, folder: string, env: NodeJS.ProcessEnv): UserSession {
  const command = ['netns', 'exec', namespace, 'bash', '--noprofile', '--norc'];
  const shell = spawn('ip', command, { cwd: folder, env, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: shell.stdout });
  const exit = once(shell, 'exit');
  const ended = exit.then((): never => {
    throw new Error('the shell has ended');
  });
  let count = 0;
  shell.stdin.write("trap 'status=$?' ERR\n");
  const enter = async (commands: string): Promise<Printed> => {
    const file = join(folder, `commands-${++count}`);
    writeFileSync(file, commands);
    shell.stdin.write(`status=0; . ${file} >${file}.out 2>&1 </dev/null; echo "${END} $status"\n`);
    const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
    return { output: readFileSync(`${file}.out`, 'utf8'), status: Number(line.slice(END.length)) };
  };
  const end = async (): Promise<void> => {
    shell.stdin.end();
    await exit;
  };
  return { enter, cwd: async () => (await enter('pwd')).output.trim(), end };
}
