import { isRecord } from '../../krm/identity.ts';
import { anyOf, quote } from '../../api/quote.ts';
import { UsageError } from '../exit.ts';

/** What an Application asks of the plugin. */
export interface Parameters {
  /** Whether what pods need is applied in a wave before them. */
  readonly syncWaves: boolean;
  /** Whether Argo CD may apply NetworkAttachmentDefinitions whose kind is not served yet. */
  readonly skipDryRun: boolean;
  /** Values by the path of their field, for the network named `namespace/name` or, under `overrides`, for all. */
  readonly overrides: ReadonlyMap<string, Fields>;
}

/** Values, as YAML, by the path of their field. */
export type Fields = Readonly<Record<string, string>>;

/** The parameters that do not bear a network's name; plugin.yaml announces them. */
export const ALL_NETWORKS = 'overrides';
export const SYNC_WAVES = 'sync-waves';
export const SKIP_DRY_RUN = 'skip-dry-run-on-missing-resource';
const SWITCH = ['Disabled', 'Enabled'];

/** The path of a field below `spec`; lists are given as a whole. */
const FIELD = /^spec(?:\.[A-Za-z][A-Za-z0-9]*)+$/;

/** Reads ARGOCD_APP_PARAMETERS, which is JSON; everything in it is data. Throws UsageError that names all that is wrong. */
export function readParameters(json: string): Parameters {
  const entries = new Map(listOf(json).map((entry) => [entry['name'], entry]));
  const faults: string[] = [];
  const isOn = (name: string): boolean => {
    const value = entries.get(name)?.['string'] ?? 'Disabled';
    if (typeof value === 'string' && (SWITCH.includes(value) || value === '')) return value === 'Enabled';
    faults.push(`the parameter \`${name}\` is ${quote(value)}, and must be ${anyOf(SWITCH)}`);
    return false;
  };
  const [syncWaves, skipDryRun] = [isOn(SYNC_WAVES), isOn(SKIP_DRY_RUN)];
  const overrides = new Map<string, Fields>();
  for (const [name, { map }] of entries) {
    if (typeof name !== 'string' || name === SYNC_WAVES || name === SKIP_DRY_RUN) continue;
    const fields = Object.entries(isRecord(map) ? map : {});
    for (const [path, value] of fields) {
      if (!FIELD.test(path))
        faults.push(`the parameter \`${name}\` sets ${quote(path)}, and must set fields such as "spec.overlay.vni"`);
      if (typeof value !== 'string') faults.push(`the parameter \`${name}\` must give \`${path}\` as a string`);
    }
    overrides.set(name, Object.fromEntries(fields.map(([path, value]) => [path, String(value)])));
  }
  if (faults.length > 0) throw new UsageError(faults.join('\nerror: '));
  return { syncWaves, skipDryRun, overrides };
}

function listOf(json: string): readonly Readonly<Record<string, unknown>>[] {
  let value: unknown;
  try {
    value = json.trim() === '' ? [] : JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (!Array.isArray(value ?? []) || !(value === null || Array.isArray(value))) {
    throw new UsageError(
      'ARGOCD_APP_PARAMETERS must be a list in JSON, as Argo CD makes it of spec.source.plugin.parameters',
    );
  }
  return (value ?? []).filter(isRecord);
}
