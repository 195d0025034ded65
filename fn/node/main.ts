import { exit, say } from './system/process.ts';
import { alive, ready } from './status/status-file.ts';

/** A program of the image, by what it can be asked for beside `ready` and `alive`. */
interface Program {
  /** The name of its status file; none where it ends by itself. */
  readonly status?: string;
  readonly verbs: readonly string[];
  /** Loads the program: what a probe does not need, it does not wait for. */
  readonly load: () => Promise<{
    readonly main: (verb: string, options: readonly string[]) => void | Promise<void>;
  }>;
  /** Whether it reads options of its own. */
  readonly hasOptions?: true;
}

const PROGRAMS: Readonly<Record<string, Program>> = {
  'node-agent': {
    status: 'status',
    verbs: ['run', 'down', 'report'],
    load: () => import('./node-agent/node-agent.ts'),
  },
  router: { status: 'status', verbs: ['run', 'rules', 'report'], load: () => import('./router/router.ts') },
  guard: { verbs: ['check'], load: () => import('./guard/guard.ts'), hasOptions: true },
  inbound: { verbs: ['run'], load: () => import('./inbound/inbound.ts') },
  wireguard: { status: 'wireguard.status', verbs: ['run'], load: () => import('./wireguard/wireguard.ts') },
  vrrp: { status: 'vrrp.status', verbs: ['run'], load: () => import('./vrrp/vrrp.ts') },
  connections: { status: 'connections.status', verbs: ['run'], load: () => import('./connections/connections.ts') },
  resolver: { status: 'resolver.status', verbs: ['run'], load: () => import('./resolver/resolver.ts') },
};

/**
 * `gateway-network PROGRAM VERB`, with the options of programs that have some, or `PROGRAM ready --wait=SECONDS`; ends
 * with 2 where it is neither.
 */
async function main(name = '', verb = 'run', ...options: readonly string[]): Promise<void> {
  const program = PROGRAMS[name];
  if (program === undefined) return refuse(name, Object.keys(PROGRAMS));
  const { status, verbs, load, hasOptions } = program;
  if (hasOptions && verbs.includes(verb)) return (await load()).main(verb, options);
  const [option = '--wait=0'] = options;
  const wait = /^--wait=(\d{1,3})$/.exec(option)?.[1];
  if (wait === undefined) return refuse(option, ['--wait=SECONDS']);
  if (status !== undefined && verb === 'ready') exit((await ready(status, Number(wait))) ? 0 : 1);
  if (status !== undefined && verb === 'alive') exit(alive(status) ? 0 : 1);
  if (!verbs.includes(verb)) return refuse(verb, [...verbs, ...(status === undefined ? [] : ['ready', 'alive'])]);
  await (await load()).main(verb, []);
}

function refuse(word: string, allowed: readonly string[]): void {
  const [last = '', ...others] = allowed.toReversed();
  say(`${word}: must be ${[others.toReversed().join(', '), last].filter((part) => part !== '').join(' or ')}`);
  exit(2);
}

main(...scriptArgs.slice(1)).catch((error: unknown) => {
  say(`failed: ${String(error)}`);
  exit(1);
});
