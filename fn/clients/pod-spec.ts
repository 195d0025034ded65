import type { Fields } from '../yaml/fields.ts';
import { setAnnotation } from '../krm/annotate.ts';
import { BEFORE_FIELD_ANNOTATION, OPTIONS_ANNOTATION } from '../marks.ts';
import { isSame } from '../yaml/edit/same.ts';
import { addElement, removeElement } from '../yaml/element.ts';
import { type Place, setField } from '../yaml/field.ts';
import { isDefault, type Option, OPTION_FIELDS, type PodSetting, settingsOf } from './options.ts';
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

export function formatMark({ plan, options }: Selection): string | undefined {
  return options.length === 0 ? undefined : `${plan.label} ${options.join(',')}`;
}

/** Whether a pod has the options that the selection wants, as we would set them, and no others. */
export function hasOptions(workload: Workload, selection: Selection | undefined): boolean {
  const { annotations, spec } = workload;
  if (annotations[OPTIONS_ANNOTATION] !== (selection && formatMark(selection))) return false;
  const settings = selection?.options.flatMap((option) => settingsOf(option, selection.plan, workload)) ?? [];
  return settings.every((setting) => {
    const current = currentOf(spec, setting);
    return current !== undefined && isSame(current, setting.value) && isInPlace(spec, setting);
  });
}

/** What there is of a setting. */
function currentOf(spec: Fields | undefined, setting: PodSetting): unknown {
  return setting.type === 'Field' ? spec?.[setting.field] : elementOf(spec, setting.field, setting.value.name);
}

/** Whether an element that has to be the first is it. */
function isInPlace(spec: Fields | undefined, setting: PodSetting): boolean {
  if (setting.type === 'Field' || setting.at === 'Last') return true;
  const list = spec?.[setting.field];
  return Array.isArray(list) && isNamed(list[0], setting.value.name);
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
        const value = field.type === 'Field' ? spec?.[field.field] : elementOf(spec, field.field, field.name);
        if (value === undefined || (field.type === 'Field' && isDefault(field.field, value))) return [];
        return [{ option, path: field.type === 'Field' ? where : `${where}["${field.name}"]`, value }];
      }),
    );
}

/** The element of a list of the pod's `spec` that has a name. */
function elementOf(spec: Fields | undefined, field: string, name: string): unknown {
  const list = spec?.[field];
  return Array.isArray(list) ? list.find((element) => isNamed(element, name)) : undefined;
}

function isNamed(element: unknown, name: string): boolean {
  return (element as Fields | null | undefined)?.['name'] === name;
}

/** The text in which a pod has the options; it has none of them yet. */
export function setOptions(text: string, workload: Workload, selection: Selection): string {
  const metadata = [...workload.path, 'metadata'];
  const settings = selection.options.flatMap((option) => settingsOf(option, selection.plan, workload));
  // Each edit reads the text again: the longest come last.
  const marked = setAnnotation(text, metadata, OPTIONS_ANNOTATION, formatMark(selection));
  return settings.reduce((before, setting) => applySetting(before, workload, setting), marked);
}

function applySetting(text: string, workload: Workload, setting: PodSetting): string {
  const place = placeOf(workload, setting.field);
  return setting.type === 'Field'
    ? setField(text, place, setting.value)
    : addElement(text, place, setting.value, setting.at);
}

/** The text in which a pod has no option of ours any more. */
export function unsetOptions(text: string, workload: Workload): string {
  const { annotations, path } = workload;
  const mark = optionMark(annotations);
  if (mark === undefined) return text;
  const unset = mark.options
    .flatMap((option) => OPTION_FIELDS[option])
    .reduce((current, option) => {
      const place = placeOf(workload, option.field);
      const revoked =
        option.type === 'Element' ? removeElement(current, place, option.name) : setField(current, place, undefined);
      return setAnnotation(revoked, [...path, 'metadata'], BEFORE_FIELD_ANNOTATION + option.field, undefined);
    }, text);
  return setAnnotation(unset, [...path, 'metadata'], OPTIONS_ANNOTATION, undefined);
}

function placeOf({ path }: Workload, field: string): Place {
  const spec = [...path, 'spec'];
  return { path: [...spec, field], where: [...spec, field].join('.'), kept: spec.length };
}
