import { allowed, allowedRange } from './allowed.ts';
import { fault, type Fault } from './fault.ts';
import { fieldPath, follow, meets, schemaPath, type Steps } from './field-path.ts';
import { API_VERSION, DEFAULTS, FIELDS, KIND } from './generated/fields.ts';
import { validate, type SchemaError } from './generated/validate.js';
import { anyOf, quote } from './quote.ts';
import { closest, meantFields, namesBelow } from './unknown-field.ts';

/** The schema's patterns in words. */
export const PATTERN_WORDS: Readonly<Record<string, string>> = {
  '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$':
    'be a DNS label (lower case letters, digits and "-", with a letter or digit at both ends)',
  '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$':
    'be a DNS name (lower case letters, digits, "-" and ".", with a letter or digit around each "." and at both ends)',
  '^[A-Za-z0-9][A-Za-z0-9_-]*$':
    'be the name of a chain (letters, digits, "-" and "_", with a letter or digit in front)',
  '^[A-Za-z0-9_.][A-Za-z0-9_.-]*$':
    'be the name of an interface (letters, digits, "-", "_" and ".", with no "-" in front)',
  '^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$':
    'be an absolute path (letters, digits, "-", "_" and ".", with no "." in front of a part and no "/" at the end)',
};

/** Lists that select. An absent one means everything or a default, so an empty one would be ambiguous. */
const NONE_OR_ALL = /\.(?:allow|cidrs|names|namespaces|ports|workloads)$/;
const NONE_OR_ALL_WORDS =
  ': an empty list could be read as "none" and as "all", so write what is meant, or omit the field to use its default';

/** The faults that the schema finds in a value. */
export interface SchemaFaults {
  /** One fault a field, in the order of the schema. */
  readonly faults: readonly Fault[];
  /** Paths where the value does not follow the schema; the empty path where nothing of it can be read. */
  readonly unsound: readonly string[];
}

/** Everything in a value that the schema does not allow. */
export function schemaFaults(root: unknown): SchemaFaults {
  const whole = notOurs(root);
  if (whole !== undefined) return { faults: [whole], unsound: [''] };
  if (validate(root)) return { faults: [], unsound: [] };
  const found = (validate.errors ?? []).map((error) => translate(error, root));
  const meant = new Set(found.flatMap(({ means }) => means));
  const faults = new Map<string, Fault>();
  for (const { fault: each } of found) {
    const isMeant = each.code === 'MissingField' && meant.has(each.path);
    if (!isMeant && !faults.has(each.path)) faults.set(each.path, each);
  }
  // Unknown fields do not hide other faults, except a missing field that one of them was meant to be.
  const unsound = found.flatMap(({ fault: each, means }) =>
    each.code === 'UnknownField' ? means.filter((path) => !isThere(root, path)) : [each.path],
  );
  return { faults: [...faults.values()], unsound };
}

function isThere(root: unknown, path: string): boolean {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  return (
    steps.reduce<unknown>((value, step) => (value as Readonly<Record<string, unknown>> | null)?.[step], root) !==
    undefined
  );
}

/** A fault, and the paths of the fields that the user may have meant by an unknown one. */
interface Translation {
  readonly fault: Fault;
  readonly means: readonly string[];
}

/** The fault of a value that is no mapping, or that another version of this function would read. */
function notOurs(root: unknown): Fault | undefined {
  if (typeof root !== 'object' || root === null || Array.isArray(root)) {
    return { code: 'InvalidType', path: '', value: root, message: `\`${KIND}\` must be a mapping, not ${quote(root)}` };
  }
  const value = (root as { readonly apiVersion?: unknown }).apiVersion;
  const group = `${API_VERSION.split('/')[0]}/`;
  if (typeof value !== 'string' || value === API_VERSION || !value.startsWith(group)) return undefined;
  const because = 'it is the only version that is supported';
  const details = { because, proposed: API_VERSION };
  return fault('UnsupportedVersion', 'apiVersion', value, `be ${quote(API_VERSION)}`, details);
}

function translate(error: SchemaError, root: unknown): Translation {
  const { steps, value } = follow(root, error.instancePath);
  if (error.keyword === 'additionalProperties') {
    return unknownField(steps, String(error.params['additionalProperty']), value);
  }
  if (error.keyword === 'required') {
    return { fault: missingField([...steps, String(error.params['missingProperty'])]), means: [] };
  }
  return { fault: error.keyword === 'type' ? wrongType(steps, value) : wrongValue(error, steps, value), means: [] };
}

function unknownField(parent: Steps, name: string, holder: unknown): Translation {
  const path = fieldPath([...parent, name]);
  const parentPath = fieldPath(parent);
  const at = schemaPath(parent) ?? '';
  const value = (holder as Readonly<Record<string, unknown>>)[name];
  const means = meantFields({ parent: at, name, value }).map((field) => concrete(field, parent));
  const show = (field: string) => `\`${shown(field, parentPath, name)}\``;
  const hint =
    means.length > 0
      ? `did you mean ${anyOf(means, show)}?`
      : `\`${parentPath || KIND}\` takes ${anyOf(namesBelow(at), (field) => `\`${field}\``)}`;
  const message = `\`${path}\` must be removed or renamed, it is not a field of ${KIND}: ${hint}`;
  return { fault: { code: 'UnknownField', path, value, message }, means };
}

/** A path of the schema, with the indexes of the lists that it has in common with the way to a value. */
function concrete(field: string, steps: Steps): string {
  const at = steps.map((_, index) => schemaPath(steps.slice(0, index + 1)) ?? '');
  const common = at.findLastIndex((path) => field.startsWith(path) && meets(path, field));
  return common < 0 ? field : fieldPath(steps.slice(0, common + 1)) + field.slice(at[common]?.length);
}

/** The name of a missing field whose misspelling is in the same mapping. */
function shown(field: string, parentPath: string, misspelt: string): string {
  const name = parentPath === '' ? field : field.slice(parentPath.length + 1);
  const isSibling = field.startsWith(parentPath) && /^\w+$/.test(name);
  return isSibling && closest(misspelt, [name]) !== undefined ? name : field;
}

function missingField(steps: Steps): Fault {
  const path = fieldPath(steps);
  const at = schemaPath(steps) ?? '';
  const known: Readonly<Record<string, unknown>> = { apiVersion: API_VERSION, kind: KIND, ...DEFAULTS };
  return fault('MissingField', path, undefined, `be set to ${allowed(at)}`, { proposed: known[at] });
}

function wrongType(steps: Steps, value: unknown): Fault {
  const at = schemaPath(steps) ?? '';
  const path = fieldPath(steps);
  const is =
    value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a mapping' : undefined;
  return is === undefined
    ? fault('InvalidType', path, value, `be ${allowed(at)}`, {
        because: `this is a ${typeof value}`,
        proposed: retyped(at, value),
      })
    : { code: 'InvalidType', path, value, message: `\`${path}\` must be ${allowed(at)}, not ${is}` };
}

/** The same scalar as the type that the field wants, where that needs no guess. */
function retyped(at: string, value: unknown): unknown {
  const type = FIELDS[at]?.type;
  if (type === 'array') return FIELDS[`${at}[]`]?.type === typeof value ? [value] : undefined;
  if (type === 'integer') return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
  return type === 'quantity' || at.endsWith('.*') ? String(value) : undefined;
}

function wrongValue({ keyword, params }: SchemaError, steps: Steps, value: unknown): Fault {
  const at = schemaPath(steps) ?? '';
  const path = fieldPath(steps);
  const code = path.startsWith('metadata.') ? 'InvalidName' : 'InvalidValue';
  const limit = Number(params['limit']);
  switch (keyword) {
    case 'const':
      return fault(code, path, value, `be ${quote(params['allowedValue'])}`, { proposed: params['allowedValue'] });
    case 'enum':
      return fault(code, path, value, `be ${allowed(at)}`, {
        proposed: closest(String(value), FIELDS[at]?.enum ?? []),
      });
    case 'pattern':
      return fault(
        code,
        path,
        value,
        PATTERN_WORDS[String(params['pattern'])] ?? `match \`${String(params['pattern'])}\``,
      );
    case 'maxLength':
      return fault(code, path, value, `have at most ${limit} characters`, {
        because: `it has ${Array.from(String(value)).length}`,
      });
    case 'minItems':
    case 'maxItems': {
      const count = (value as readonly unknown[]).length;
      const bound = `at ${keyword === 'minItems' ? 'least' : 'most'} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
      const because = count === 0 && NONE_OR_ALL.test(at) ? NONE_OR_ALL_WORDS : '';
      return { code, path, value, message: `\`${path}\` must have ${bound}, not ${count}${because}` };
    }
    case 'minimum':
    case 'maximum':
      return fault(code, path, value, `be ${allowedRange(at) ?? `${String(params['comparison'])} ${limit}`}`);
    default:
      return fault(code, path, value, `be ${allowed(at)}`);
  }
}
