import type { Fields } from '../yaml/fields.ts';
import { setAnnotation } from '../krm/annotate.ts';
import { BEFORE_FIELD_ANNOTATION, OPTIONS_ANNOTATION } from '../marks.ts';
import { isSame } from '../yaml/edit/same.ts';
import { addElement, removeElement } from '../yaml/element.ts';
import { type Place, setField } from '../yaml/field.ts';
import { INBOUND, isDefault, type Option, OPTION_FIELDS, type PodSetting, settingsOf } from './options.ts';
import type { Selection } from './selection.ts';
import type { Workload } from './workload.ts';

/** The options in the pod's mark, and the network that set them. */
export interface OptionMark {
  /** The network's label. */
  readonly network: string;
  readonly options: readonly Option[];
}

export function optionMark(annotations: Fields): OptionMark | undefined {
  const value = annotations[OPTIONS_ANNOTATION];
  if (value === undefined) return undefined;
  const [network = '', options = ''] = typeof value === 'string' ? value.split(' ') : [];
  return { network, options: options.split(',').filter((option): option is Option => option in OPTION_FIELDS) };
}

function formatMark({ plan, options }: Selection): string | undefined {
  return options.length === 0 ? undefined : `${plan.label} ${options.join(',')}`;
}

/** Whether a pod has the options that the selection wants, as we would set them, and no others. */
export function hasOptions(workload: Workload, selection: Selection | undefined): boolean {
  const { annotations, spec } = workload;
  if (annotations[OPTIONS_ANNOTATION] !== (selection && formatMark(selection))) return false;
  const settings = selection?.options.flatMap((option) => settingsOf(option, selection.plan, workload)) ?? [];
  return settings.every(({ type, field, value }) => {
    const current = type === 'Field' ? spec?.[field] : elementOf(spec, field);
    return current !== undefined && isSame(current, value);
  });
}

/** A field of the pod's `spec` that an option must set, and that the workload sets itself. */
export interface OptionConflict {
  readonly option: Option;
  readonly path: string;
  readonly value: unknown;
}

/** The conflicts of options that are not set yet. An explicit default value is no conflict. */
export function optionConflicts(
  { options }: Selection,
  { annotations, path, spec }: Workload,
): readonly OptionConflict[] {
  const ours = optionMark(annotations)?.options ?? [];
  return options
    .filter((option) => !ours.includes(option))
    .flatMap((option) =>
      OPTION_FIELDS[option].flatMap((field) => {
        const where = [...path, 'spec', field.field].join('.');
        const value = field.type === 'Field' ? spec?.[field.field] : elementOf(spec, field.field);
        if (value === undefined || (field.type === 'Field' && isDefault(field.field, value))) return [];
        return [{ option, path: field.type === 'Field' ? where : `${where}["${INBOUND}"]`, value }];
      }),
    );
}

/** Our element of a list of the pod's `spec`. */
function elementOf(spec: Fields | undefined, field: string): unknown {
  const list = spec?.[field];
  return Array.isArray(list) ? list.find((element) => (element as Fields | null)?.['name'] === INBOUND) : undefined;
}

/** The text in which a pod has the options; it has none of them yet. */
export function setOptions(text: string, workload: Workload, selection: Selection): string {
  const metadata = [...workload.path, 'metadata'];
  const settings = selection.options.flatMap((option) => settingsOf(option, selection.plan, workload));
  const set = settings.reduce((before, setting) => applySetting(before, workload, setting), text);
  return setAnnotation(set, metadata, OPTIONS_ANNOTATION, formatMark(selection));
}

function applySetting(text: string, workload: Workload, setting: PodSetting): string {
  const place = placeOf(workload, setting.field);
  return setting.type === 'Field' ? setField(text, place, setting.value) : addElement(text, place, setting.value);
}

/** The text in which a pod has no option of ours any more. */
export function unsetOptions(text: string, workload: Workload): string {
  const { annotations, path } = workload;
  const mark = optionMark(annotations);
  if (mark === undefined) return text;
  const unset = mark.options
    .flatMap((option) => OPTION_FIELDS[option])
    .reduce((current, { type, field }) => {
      const place = placeOf(workload, field);
      const revoked = type === 'Element' ? removeElement(current, place, INBOUND) : setField(current, place, undefined);
      return setAnnotation(revoked, [...path, 'metadata'], BEFORE_FIELD_ANNOTATION + field, undefined);
    }, text);
  return setAnnotation(unset, [...path, 'metadata'], OPTIONS_ANNOTATION, undefined);
}

function placeOf({ path }: Workload, field: string): Place {
  const spec = [...path, 'spec'];
  return { path: [...spec, field], where: [...spec, field].join('.'), kept: spec.length };
}
