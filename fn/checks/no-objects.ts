import { isFields } from '../yaml/fields.ts';
import { closest } from '../api/unknown-field.ts';
import { refOf } from '../krm/identity.ts';
import type { Input } from '../krm/input.ts';
import { fileOf, identityOf, isReadable, type Item, valueOf } from '../krm/item.ts';
import { isNetwork } from '../marks.ts';
import { lineOf } from '../krm/place.ts';
import type { Problem } from '../krm/problem.ts';

/**
 * Documents that are not Kubernetes objects. kubectl could not apply them, and the intended object
 * would be missing.
 */
export function noObjects({ items }: Input): readonly Problem[] {
  return items.flatMap((item) => fault(item) ?? []);
}

function fault(item: Item): Problem | undefined {
  const identity = identityOf(item);
  const isWhole = identity !== undefined && (identity.name !== '' || isNetwork(identity));
  // Unreadable items have a warning of their own.
  if (isWhole || !isReadable(item)) return undefined;
  const file = fileOf(item);
  const isPlaced = file !== undefined && item.source.path === undefined;
  const place = isPlaced ? `document ${file.index + 1}` : `line ${lineOf(item)}`;
  const where = file === undefined ? {} : { file };
  const names = faultsOfKeys(valueOf(item), identity === undefined ? ['apiVersion', 'kind'] : ['metadata']);
  if (identity === undefined) {
    const message = names || 'must have an `apiVersion` and a `kind`: add them, or remove the document from the input';
    return { code: 'UnreadableInput', severity: 'error', message: `${place}: ${message}`, ...where };
  }
  if (names === '') return undefined;
  const message = `${place}: ${names}, or kubectl will reject it; it is passed through unchanged`;
  return { code: 'UnreadableInput', severity: 'warning', message, ref: refOf(identity), ...where };
}

/** What is wrong with the spelling of keys that must be there; nothing where none of them can be recognised. */
function faultsOfKeys(value: unknown, wanted: readonly string[]): string {
  if (!isFields(value)) return '';
  const missing = wanted.filter((key) => !Object.hasOwn(value, key));
  const written = missing.map((key) => Object.keys(value).find((one) => closest(one, missing) === key));
  if (written.every((key) => key === undefined)) return '';
  return missing
    .map((key, index) =>
      written[index] === undefined ? `\`${key}\` must be set` : `\`${written[index]}\` must be spelled \`${key}\``,
    )
    .join(', and ');
}
