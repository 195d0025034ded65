import { isFields } from '../../yaml/fields.ts';
import { anyOf, quote } from '../../api/quote.ts';
import { UsageError } from '../../files/usage-error.ts';

/** The parameters of an Application. */
export interface Parameters {
  /** Whether the objects that pods need are applied in a wave before the pods. */
  readonly syncWaves: boolean;
  /** Whether Argo CD may apply NetworkAttachmentDefinitions before the cluster serves their kind. */
  readonly skipDryRun: boolean;
  /** Fields of a network, by the name of its parameter; `overrides` has fields of all networks. */
  readonly overrides: ReadonlyMap<string, Fields>;
}

/** Values in YAML, by the paths of their fields. */
export type Fields = Readonly<Record<string, string>>;

/** The parameters that do not have the name of a network; plugin.yaml announces them. */
export const ALL_NETWORKS = 'overrides';
export const SYNC_WAVES = 'sync-waves';
export const SKIP_DRY_RUN = 'skip-dry-run-on-missing-resource';
const SWITCHES = [SYNC_WAVES, SKIP_DRY_RUN];
const SWITCH = ['Disabled', 'Enabled'];

/** The keys for the value of a parameter. Each parameter has one of them. */
const TYPES = ['string', 'map', 'array'];

/** The path of a field below `spec`. A list can only be set as a whole. */
const FIELD = /^spec(?:\.[A-Za-z][A-Za-z0-9]*)+$/;

/** Whether a name is that of a parameter that is not for one network. */
export function isReserved(name: string): boolean {
  return name === ALL_NETWORKS || SWITCHES.includes(name);
}

/**
 * Reads ARGOCD_APP_PARAMETERS, which is JSON. Everything in it is data.
 * @throws {@link UsageError} that names all faults
 */
export function readParameters(json: string): Parameters {
  const faults: string[] = [];
  const enabled = new Set<string>();
  const overrides = new Map<string, Fields>();
  const names = new Set<string>();
  for (const [index, entry] of listOf(json).entries()) {
    const name = isFields(entry) ? entry['name'] : undefined;
    if (!isFields(entry) || typeof name !== 'string' || name === '') {
      faults.push(`parameter ${index + 1} is ${quote(entry)}, and must have a \`name\``);
      continue;
    }
    if (names.has(name)) faults.push(`the parameter ${quote(name)} is given twice, and must be given once`);
    names.add(name);
    const fault = SWITCHES.includes(name) ? switchFault(name, entry) : mapFault(name, entry);
    if (fault.length > 0) faults.push(...fault);
    else if (!SWITCHES.includes(name)) overrides.set(name, fieldsOf(entry));
    else if (entry['string'] === 'Enabled') enabled.add(name);
  }
  if (faults.length > 0) throw new UsageError(faults.join('\nerror: '));
  return { syncWaves: enabled.has(SYNC_WAVES), skipDryRun: enabled.has(SKIP_DRY_RUN), overrides };
}

type Entry = Readonly<Record<string, unknown>>;

/** An empty value, which the user interface may send, means the default in plugin.yaml. */
function switchFault(name: string, entry: Entry): readonly string[] {
  const value = entry['string'] ?? '';
  const type = typeFault(name, entry, 'string', `\`string\`, which is ${anyOf(SWITCH)}`);
  if (type !== undefined) return [type];
  if (typeof value === 'string' && (value === '' || SWITCH.includes(value))) return [];
  return [`the parameter \`${name}\` is ${quote(value)}, and must be ${anyOf(SWITCH)}`];
}

function mapFault(name: string, entry: Entry): readonly string[] {
  const type = typeFault(name, entry, 'map', `\`map\` with fields such as "spec.overlay.vni"`);
  if (type !== undefined) return [type];
  const map = entry['map'] ?? {};
  if (!isFields(map)) return [`the parameter \`${name}\` has the map ${quote(map)}, and must have fields in it`];
  const paths = Object.keys(map);
  return Object.entries(map).flatMap(([path, value]) => {
    if (!FIELD.test(path))
      return [`the parameter \`${name}\` sets ${quote(path)}, and must set fields such as "spec.overlay.vni"`];
    if (typeof value !== 'string') return [`the parameter \`${name}\` must give \`${path}\` as a string`];
    const above = paths.find((other) => path.startsWith(`${other}.`));
    if (above === undefined) return [];
    return [`the parameter \`${name}\` sets \`${path}\` and, with it, \`${above}\`, and must set one of them`];
  });
}

/**
 * A value of another type, or a second one, would be ignored, so it is an error. `overrides` is
 * announced without a value, and may come back without one.
 */
function typeFault(name: string, entry: Entry, type: string, allowed: string): string | undefined {
  const given = Object.keys(entry).filter((key) => key !== 'name' && entry[key] !== undefined && entry[key] !== null);
  if (given.length === 0 && isReserved(name)) return undefined;
  if (given.length === 1 && given[0] === type) return undefined;
  const found = given.length === 0 ? `none of ${anyOf(TYPES)}` : given.map((key) => `\`${key}\``).join(' and ');
  return `the parameter \`${name}\` has ${found}, and must have a ${allowed}`;
}

function fieldsOf({ map }: Entry): Fields {
  return Object.fromEntries(Object.entries(isFields(map) ? map : {}).map(([path, value]) => [path, String(value)]));
}

function listOf(json: string): readonly unknown[] {
  let value: unknown;
  try {
    value = json.trim() === '' ? [] : JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (value === null) return [];
  if (Array.isArray(value)) return value;
  throw new UsageError(
    'ARGOCD_APP_PARAMETERS must be a list in JSON, as Argo CD makes it of spec.source.plugin.parameters',
  );
}
