import { isSeq, visit } from 'yaml';
import type { Layout } from './emit.ts';
import { columnOf, indentUnit, type ObjectText } from './object-text.ts';
import { slotsOf } from './slot.ts';

/** How a text is laid out, told by its first map and its first list in block style. */
export function layoutOf(object: ObjectText): Layout {
  let wideLists = false;
  visit(object.document, {
    Pair: (_, { key, value }) => {
      if (!isSeq(value) || value.flow) return undefined;
      const [list] = slotsOf(object, value);
      const outer = (key as { range?: readonly number[] }).range?.[0] ?? 0;
      wideLists = list !== undefined && columnOf(object.text, list.start) > columnOf(object.text, outer);
      return visit.BREAK;
    },
  });
  return { eol: object.eol, unit: indentUnit(object), wideLists };
}
