import type { Frame, Layout } from './layout.ts';
import { inspect, opaque, problemAt, type Reading } from './reading.ts';
import { columnOf, contentAt, nextLine } from '../yaml/text/lines.ts';
import { fieldOf } from '../yaml/text/field.ts';
import { sequenceOf } from '../yaml/text/list.ts';
import type { Root } from '../yaml/text/root.ts';
import type { Slice } from '../yaml/text/slice.ts';
import type { Source } from '../yaml/text/source.ts';

/** The API group of a ResourceList (KRM Functions Specification). */
export const LIST_GROUP = 'config.kubernetes.io';

/** Reads the items, the functionConfig and the other parts of a ResourceList. */
export function readResourceList(source: Source, root: Root): Reading {
  const apiVersion = fieldOf(root, 'apiVersion');
  const version = apiVersion === undefined || apiVersion.value === null ? '' : apiVersion.value;
  // The older TypeScript SDK sends `v1`. kustomize and kpt only check the kind.
  const group =
    typeof version === 'string' && version.includes('/') ? version.slice(0, version.indexOf('/')) : LIST_GROUP;
  if (typeof version !== 'string' || group !== LIST_GROUP) {
    const quoted = typeof version === 'string' ? JSON.stringify(version) : 'something else';
    const reason = `\`apiVersion\` of a ResourceList must be "${LIST_GROUP}/v1", but is ${quoted}`;
    return opaque(source, [
      problemAt(source, { reason, offset: apiVersion?.start ?? root.start }, 'UnsupportedVersion'),
    ]);
  }
  const items = sequenceOf(root, 'items');
  const results = sequenceOf(root, 'results');
  const failures = [items, results].filter((sequence) => 'reason' in sequence);
  if ('reason' in items || 'reason' in results) {
    return opaque(
      source,
      failures.map((failure) => problemAt(source, failure)),
    );
  }
  const frame: Frame = { root, apiVersion, results };
  const layout: Layout = { source, frame, sequences: [items], last: items };
  const elements = inspect(source, items, 'slices' in items ? items.slices : []);
  const config = functionConfigOf(source, root);
  return {
    format: 'ResourceList',
    layout,
    items: elements.items,
    functionConfig: config.items[0],
    problems: [...elements.problems, ...config.problems],
  };
}

/** The functionConfig as an item; none if it is null or missing. */
function functionConfigOf(source: Source, root: Root): Pick<Reading, 'items' | 'problems'> {
  const entry = root.entries.get('functionConfig');
  if (entry === undefined) return { items: [], problems: [] };
  const { text } = source;
  const content = contentAt(text, entry.value, entry.end);
  const isBelow = nextLine(text, entry.value, entry.end) <= content;
  const column = isBelow && content < entry.end ? columnOf(text, 0, content) : 0;
  const slice: Slice = { outer: entry.start, start: content, end: entry.end, column };
  return inspect(source, { style: 'Stream' }, [slice]);
}
