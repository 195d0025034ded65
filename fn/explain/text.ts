import type { Paint } from '../status/paint.ts';
import type { Explanation, Hop } from './explanation.ts';

/** How many names are printed. */
const NAMES = 5;

/** Which way a packet takes, a line for each place and one for what decides there. */
export function formatExplanation(explanation: Explanation, paint: Paint): string {
  const { senders, destination, protocol, port, outcome, summary, hops, forwards } = explanation;
  const shown = senders.slice(0, NAMES).join(', ');
  const left = senders.length - NAMES;
  const what = [protocol, port].filter((one) => one !== undefined).join(' ');
  const title = `${shown}${left > 0 ? ` and ${left} more` : ''} -> ${destination}${what === '' ? '' : ` ${what}`}`;
  const lines = [
    `${paint('Title', title)}: ${paint(outcome === 'dropped' ? 'Bad' : 'Good', summary)}`,
    ...hops.flatMap(hopLines),
    ...forwards.flatMap(hopLines),
  ];
  return `${lines.join('\n')}\n`;
}

function hopLines({ at, what, by }: Hop): readonly string[] {
  const line = `  ${at.padEnd(6)}  ${what}`;
  return by === undefined ? [line] : [line, `            ${by}`];
}
