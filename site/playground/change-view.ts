import { formatChange } from '../../fn/changes/text.ts';
import type { Side } from '../../fn/changes/network-change.ts';
import { plain } from '../../fn/status/paint.ts';
import { byId } from './dom.ts';
import { changesOf, evaluate, type Result } from './evaluate.ts';

/** The spec that changes are compared with. */
const base: { text: string; side?: Side | undefined } = { text: '' };

export function baseText(): string {
  return base.text;
}

/** Compares with another spec from now on. */
export function setBase(text: string): void {
  base.text = text;
  delete base.side;
}

/** What the change from the base to a spec does to what runs. */
export function showChange(text: string, result: Result): void {
  byId('change', HTMLElement).textContent = changeText(text, result);
}

function changeText(text: string, result: Result): string {
  if (text === base.text)
    return 'Nothing has changed since the spec was loaded or pinned. Edit it, and see here what the change does.';
  base.side ??= evaluate(base.text).result?.side;
  if (base.side === undefined)
    return 'The pinned spec has errors, so that nothing can be compared with it. Pin another.';
  return changesOf(base.side, result.side)
    .map((change) => formatChange(change, plain))
    .join('\n');
}
