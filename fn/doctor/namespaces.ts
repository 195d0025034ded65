import { itemsOf } from './check.ts';
import { ofKind } from './kinds.ts';
import type { Subject } from './subject.ts';

/** A namespace as it will be, with the labels that the input gives it; nothing where neither has it. */
export function namespaceOf({ facts, objects }: Subject, name: string): { readonly labels: Labels } | undefined {
  const found = [...itemsOf(facts.namespaces), ...ofKind(objects, 'Namespace')].filter(
    ({ metadata }) => metadata?.name === name,
  );
  return found.length === 0
    ? undefined
    : { labels: Object.assign({}, ...found.map(({ metadata }) => metadata?.labels)) };
}

type Labels = Readonly<Record<string, string>>;
