import type { FieldEffect } from '../fn/changes/field-effect.ts';
import { FIELD_EFFECTS } from '../fn/changes/field-effects.ts';

const HEADER = '| field | agents | routers | clients | connections |\n|---|---|---|---|---|\n';

/**
 * A page of docs whose table of changed fields is made of the rows that `diff` uses; all else in it is written by hand.
 *
 * @throws Error where the page has no such table, or does not explain a word of it
 */
export function withFieldEffects(page: string): string {
  const start = page.indexOf(HEADER);
  if (start < 0) throw new Error(`docs/changes.md has no table that begins with ${HEADER}`);
  const unexplained = wordsOf(FIELD_EFFECTS).filter((word) => !page.includes(`\n- **${word}**: `));
  if (unexplained.length > 0) throw new Error(`docs/changes.md does not explain ${unexplained.join(', ')}`);
  const end = /\n(?!\|)|$/.exec(page.slice(start))?.index ?? 0;
  return `${page.slice(0, start)}${HEADER}${FIELD_EFFECTS.map(rowOf).join('\n')}${page.slice(start + end)}`;
}

function wordsOf(rows: readonly FieldEffect[]): readonly string[] {
  const words = new Set(rows.flatMap(({ agents, routers, clients }) => [agents, routers, clients]));
  return [...words].filter((word) => word !== 'none');
}

function rowOf({ field, agents, routers, clients, connections }: FieldEffect): string {
  const cells = [agents, routers, clients].map((effect) => (effect === 'none' ? ' ' : ` ${effect} `));
  return `| \`${field}\` |${cells.join('|')}| ${connections} |`;
}
