import { after, now, type Timer } from '../system/clock.ts';
import { listen, type Process } from '../system/command.ts';
import type { RuleSets } from './rule-sets.ts';

/** How long changes are gathered before our rules are looked at, in milliseconds: after some peace, and without. */
const SOON = 100;
const LATER = 300;

/** From one look to the next where nothing tells of changes, in milliseconds. */
const POLL_EVERY = 800;

/** How much the monitor may print from one look to the next, in bytes. */
const MOST = 64 * 1024;

/**
 * Prints a line for each change of rules, those of iptables-nft too. Without stdbuf(1) a pipe would get it when there
 * are 4 KiB of them.
 */
const MONITOR = ['stdbuf', '-oL', 'xtables-monitor', '-e'];

/**
 * Looks at our rules when somebody's have changed, once for all that changes in a moment, and calls something when ours
 * are not as they were found to be wanted. So this costs nothing while nothing changes, and next to nothing however
 * many rules others have: a monitor that has much to print is ended, and started again when that is over. (`nft
 * monitor` holds all rules in memory.)
 *
 * @param managesLegacy whether iptables-legacy is ours to manage: nothing tells of its changes, so then this is a poll
 */
export function watchRules(
  rules: RuleSets,
  managesLegacy: () => boolean,
  onChange: () => void,
): { readonly stop: () => void } {
  let monitor: Process | undefined;
  let timer: Timer | undefined;
  let isStopped = false;
  let [lookedAt, printed] = [-Infinity, 0];

  const lookIn = (milliseconds: number) => {
    timer ??= after(milliseconds, look);
  };
  const look = () => {
    [timer, lookedAt, printed] = [undefined, now(), 0];
    if (isStopped) return;
    if (rules.isBusy()) return lookIn(LATER);
    if (rules.haveChanged()) onChange();
    if (managesLegacy()) lookIn(POLL_EVERY);
  };
  const listenAgain = () => {
    if (isStopped) return;
    monitor = listen(MONITOR, {
      onLines: (text) => {
        printed += text.length;
        if (printed > MOST) monitor?.kill();
        lookIn(now() - lookedAt > 1000 ? SOON : LATER);
      },
      // It ends as well where the kernel has more to tell than it takes.
      onEnd: () => void after(LATER, listenAgain),
    });
    // What has changed before it listened.
    lookIn(POLL_EVERY);
  };
  listenAgain();
  return {
    stop: () => {
      isStopped = true;
      monitor?.kill();
    },
  };
}
