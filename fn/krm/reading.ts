import { isFields } from '../yaml/fields.ts';
import type { Input } from './input.ts';
import { API_GROUP } from '../marks.ts';
import { identityOf, itemOf, rawTextOf, valueOf, type Item } from './item.ts';
import type { Layout } from './layout.ts';
import { LIMITS } from '../yaml/limits.ts';
import type { Problem, ProblemCode } from './problem.ts';
import { parseJson } from '../yaml/text/json.ts';
import type { Failure } from '../yaml/parse.ts';
import type { Sequence } from '../yaml/text/sequence.ts';
import type { Slice } from '../yaml/text/slice.ts';
import { positionOf, type Source } from '../yaml/text/source.ts';
import { ItemUnreadable } from './unreadable.ts';
import { characterFault } from '../yaml/reader/characters.ts';

/** What was read from one text. */
export interface Reading {
  readonly format: Input['format'];
  readonly layout: Layout;
  readonly items: readonly Item[];
  readonly functionConfig: Item | undefined;
  readonly problems: readonly Problem[];
}

/** The result for a text that cannot be split. The text is written as it was read. */
export function opaque(source: Source, problems: readonly Problem[]): Reading {
  const last: Sequence = { style: 'Stream' };
  const layout: Layout = { source, frame: undefined, sequences: [last], last };
  return { format: 'Documents', layout, items: [], functionConfig: undefined, problems };
}

/** A failure at an offset of a source, as a problem. */
export function problemAt(
  source: Source,
  { reason, offset }: Failure,
  code: ProblemCode = 'UnreadableInput',
  index = 0,
): Problem {
  const { line, column } = positionOf(source, offset);
  return unreadable(source, `line ${line}, column ${column}: ${reason}`, index, code);
}

/**
 * Reads the objects of a sequence. Nulls are skipped. An element that is not an object, or cannot
 * be read, is a problem.
 */
export function inspect(
  source: Source,
  sequence: Sequence,
  slices: readonly Slice[],
  first = 0,
): Pick<Reading, 'items' | 'problems'> {
  const items: Item[] = [];
  const problems: Problem[] = [];
  const { budget } = source;
  const isFirst = budget.objects >= 0;
  budget.objects -= slices.length;
  if (budget.objects < 0) return { items, problems: isFirst ? [tooMany(source, slices)] : [] };
  for (const slice of slices) {
    const item = itemOf(source, sequence, slice, first + items.length);
    const fault = faultOf(item);
    if (fault === undefined) items.push(item);
    else if (fault !== null) {
      problems.push(fault);
      if (fault.severity !== 'error') items.push(item);
    }
    // All further items would have the same problem.
    if (budget.weight < 0) break;
  }
  return { items, problems };
}

/** The problem of more objects than {@link LIMITS} allows. */
export function tooMany(source: Source, slices: readonly Slice[]): Problem {
  const reason = `the input must not hold more than ${LIMITS.OBJECTS} objects`;
  return problemAt(source, { reason, offset: slices[0]?.start ?? 0 });
}

/** Why an item is not an object, or cannot be read; null for an empty item. */
function faultOf(item: Item): Problem | null | undefined {
  if (identityOf(item) !== undefined) return characterFaultOf(item);
  try {
    const value = valueOf(item);
    if (isFields(value)) return undefined;
    if (value === null) return null;
    const reason = `must be an object, but is ${nameOf(value)}`;
    return problemAt(item.source, { reason, offset: item.start }, 'UnreadableInput', item.index);
  } catch (error) {
    if (!(error instanceof ItemUnreadable)) throw error;
    const problem = unreadable(item.source, error.message, item.index, 'UnreadableInput');
    return isOurs(item) || isBeyond(error, item) ? problem : left(problem);
  }
}

/** A character that neither YAML nor JSON allows, in an item that was not parsed. */
function characterFaultOf(item: Item): Problem | undefined {
  const { source, outer, end, index } = item;
  const fault = source.isPrintable ? undefined : characterFault(source.text.slice(outer, end));
  if (fault === undefined || parseJson(rawTextOf(item)) !== undefined) return undefined;
  const problem = problemAt(source, { ...fault, offset: outer + fault.offset }, 'UnreadableInput', index);
  return isOurs(item) ? problem : left(problem);
}

/** Whether the text may be an object of our API, or a list of objects. */
function isOurs(item: Item): boolean {
  const text = rawTextOf(item);
  return text.includes(API_GROUP) || /\bkind["']?\s*:\s*["']?\w*List\b/.test(text);
}

/** Whether the object is unreadable only because of our limits. */
function isBeyond({ reason }: ItemUnreadable, { source: { budget } }: Item): boolean {
  return budget.weight < 0 || /^must not (?!hold )/.test(reason);
}

/** The warning for an unreadable foreign object, which passes through unchanged. */
function left(problem: Problem): Problem {
  return {
    ...problem,
    severity: 'warning',
    message: `${problem.message}: kubectl will reject it; it is passed through unchanged`,
  };
}

function unreadable({ path }: Source, message: string, index: number, code: ProblemCode): Problem {
  const problem: Problem = { code, severity: 'error', message };
  return path === undefined ? problem : { ...problem, file: { path, index } };
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'string') return `the ${typeof value} ${String(value)}`;
  return `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`;
}
