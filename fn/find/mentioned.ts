import { API_GROUP, API_VERSION, KIND, RENDER_KIND } from '../marks.ts';
import type { Input } from '../krm/input.ts';
import { identityOf, type Item } from '../krm/item.ts';
import type { Layout } from '../krm/layout.ts';
import { lineIn } from '../krm/place.ts';

/** Our `apiVersion`, in any version; labels and annotations of ours have no version. */
const VERSION = new RegExp(`${API_GROUP.replaceAll('.', '\\.')}/v\\d\\w*`, 'gi');

/**
 * Where the first text names our API in something that is no object of it: in a ConfigMap, say, a
 * comment, or the values of a chart.
 */
export function mentionedAt({ source: layouts, items }: Input): string | undefined {
  const renders = items.filter((item) => identityOf(item)?.kind === RENDER_KIND);
  for (const { source } of layouts) {
    for (const { index } of source.text.matchAll(VERSION)) {
      if (renders.some((item) => holds(item, source, index))) continue;
      const item = items.find((one) => holds(one, source, index));
      const identity = item && identityOf(item);
      const whose = identity === undefined ? '' : ` of ${identity.kind} ${JSON.stringify(identity.name)}`;
      const file = source.path === undefined ? 'the input' : JSON.stringify(source.path);
      return `line ${lineIn(source, index)} of ${file} names ${API_VERSION} in a text or comment${whose}, where it is no ${KIND}: write it as a separate document`;
    }
  }
  return undefined;
}

function holds(item: Item, source: Layout['source'], offset: number): boolean {
  return item.source === source && item.start <= offset && offset < item.end;
}
