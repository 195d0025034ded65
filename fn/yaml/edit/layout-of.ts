import { entryStart, isList, pairsOf } from '../reader/node.ts';
import type { Layout } from './emit.ts';
import { columnOf, indentUnit, type ObjectText } from './object-text.ts';
import { slotsOf } from './slot.ts';

/** The layout of a text: that of its first block mapping in a mapping, and of its first block sequence. */
export function layoutOf(object: ObjectText): Layout {
  return { eol: object.eol, unit: indentUnit(object), wideLists: hasWideLists(object) };
}

function hasWideLists(object: ObjectText): boolean {
  for (const pair of pairsOf(object.document.contents)) {
    const { value } = pair;
    if (!isList(value) || value.flow) continue;
    const [list] = slotsOf(object, value);
    return list !== undefined && columnOf(object.text, list.start) > columnOf(object.text, entryStart(pair));
  }
  return false;
}
