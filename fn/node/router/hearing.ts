import { STATE_DIR } from '../status/status-file.ts';
import { now } from '../system/clock.ts';
import { attempt, output } from '../system/command.ts';
import { type Heard, parseHeard } from './instance-rules.ts';

/** How long an instance that has told that it is there is believed, in milliseconds. */
const BELIEVED_FOR = 3000;

/** What other instances of a router tell of themselves. */
export interface Hearing {
  /** Looks at what has been heard since the last time. */
  readonly look: (rules: string) => void;
  /** Whether one has told a moment ago that it is there. */
  readonly hears: (which: keyof Heard) => boolean;
}

/** By rules that count it, which are loaded where they are not there. */
export function hearing(): Hearing {
  let loaded = '';
  let heard: Heard = { younger: 0, older: 0 };
  let last = { younger: -Infinity, older: -Infinity };
  return {
    look: (rules) => {
      const text = loaded === rules ? output(['nft', 'list', 'table', 'inet', 'gateway_instances']) : undefined;
      const found = parseHeard(text);
      if (found === undefined) loadRules(rules);
      loaded = rules;
      const counts = found ?? { younger: 0, older: 0 };
      for (const which of ['younger', 'older'] as const) {
        if (counts[which] > heard[which]) last = { ...last, [which]: now() };
      }
      heard = counts;
    },
    hears: (which) => now() - last[which] < BELIEVED_FOR,
  };
}

export function loadRules(rules: string): void {
  attempt(['nft', '-f', '-'], { text: { text: rules, folder: STATE_DIR } });
}
