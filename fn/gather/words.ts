import { GUARD } from '../plan/guard.ts';

/**
 * The containers whose programs are ours, and of which state lines are kept. Not `wireguard`, whose program reads keys:
 * of that only whether it is ready.
 */
export const OUR_CONTAINERS: ReadonlySet<string> = new Set([
  'node-agent',
  'rules',
  'router',
  'keepalived',
  'connections',
  'resolver',
  GUARD,
]);
/** Those whose logs are asked for. */
export const LOGGED: ReadonlySet<string> = new Set([...OUR_CONTAINERS, 'wireguard']);

/** What our programs say of themselves, and of what they have changed. */
const STATE = /^(?:not ready: .*|ready(?:; .*)?|this pod (?:is not attached to|does not start, because) .*)$/;
/** Words in quotes come from files, names and other programs. */
const QUOTED = /'[^']*'|"[^"]*"/g;

/** A line that one of our programs says of its state, without what it quotes; nothing of any other line. */
export function stateLine(container: string, line: string): string | undefined {
  if (container === 'wireguard') return /^(?:not )?ready\b/.exec(line)?.[0];
  if (!OUR_CONTAINERS.has(container) || !STATE.test(line)) return undefined;
  return line.replaceAll(QUOTED, "'...'");
}

/** The state lines of a log whose lines begin with their times. */
export function stateLines(container: string, log: string): string {
  return log
    .split('\n')
    .flatMap((line) => {
      const [, time, words = ''] = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) (.*)$/.exec(line) ?? [];
      const kept = stateLine(container, words);
      return time === undefined || kept === undefined ? [] : [`${time} ${kept}\n`];
    })
    .join('');
}
