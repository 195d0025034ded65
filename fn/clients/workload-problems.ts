import { CLIENT_ANNOTATION, NETWORKS_ANNOTATION } from '../marks.ts';
import type { Problem } from '../krm/problem.ts';
import {
  addressedByTwoEntries,
  requestsSharedAttachment,
  onHostNetwork,
  onWindows,
  optionConflict,
  severalPods as hasSeveralPods,
  surges as mightSurge,
  unreadableAnnotation,
  withoutNamespace,
  withoutSpec,
} from './client-problems.ts';
import { requestsNetwork } from './membership.ts';
import { parseNetworks } from './networks-annotation.ts';
import { severalPods, surges } from './pod-count.ts';
import { optionConflicts } from './pod-spec.ts';
import type { Selection } from './selection.ts';
import type { Workload } from './workload.ts';

/** All reasons why a workload cannot be the client that its network describes, and advice. */
export function workloadProblems(workload: Workload, selection: Selection): readonly Problem[] {
  const { plan } = selection;
  if (workload.spec?.['hostNetwork'] === true) return [onHostNetwork(workload, plan)];
  const windows = windowsField(workload);
  if (windows !== undefined) return [onWindows(workload, plan, windows)];
  if (!isReadable(workload)) return [unreadableAnnotation(workload)];
  return [...optionProblems(workload, selection), ...addressProblems(workload, selection)];
}

/** The field by which a pod is for Windows, and its value. */
function windowsField({ spec }: Workload): readonly [string, string] | undefined {
  const os = spec?.['os'] as { readonly name?: unknown } | null | undefined;
  if (os?.name === 'windows') return ['os.name', os.name];
  const selector = spec?.['nodeSelector'] as Readonly<Record<string, unknown>> | null | undefined;
  const label = 'kubernetes.io/os';
  return selector?.[label] === 'windows' ? [`nodeSelector["${label}"]`, 'windows'] : undefined;
}

/** Whether Multus can read which networks the pod asks for. */
export function isReadable({ annotations }: Workload): boolean {
  const value = annotations[NETWORKS_ANNOTATION];
  return value === undefined || value === null || (typeof value === 'string' && parseNetworks(value) !== undefined);
}

function optionProblems(workload: Workload, selection: Selection): readonly Problem[] {
  const { plan, options } = selection;
  if (options.length === 0) return [];
  if (workload.spec === undefined) return [withoutSpec(workload, plan, options)];
  const isLost = options.includes('dns') && workload.identity.namespace === '';
  return [
    ...(isLost ? [withoutNamespace(workload, plan)] : []),
    ...optionConflicts(selection, workload).map((conflict) => optionConflict(workload, plan, conflict)),
  ];
}

function addressProblems(workload: Workload, { plan, choices, addressing }: Selection): readonly Problem[] {
  if (addressing.type === 'Pool') return [];
  const indices = choices.flatMap((choice) =>
    choice.addressing.type === 'Fixed' ? [plan.clients.indexOf(choice)] : [],
  );
  const several = severalPods(workload);
  const isOwn =
    workload.annotations[CLIENT_ANNOTATION] === undefined &&
    requestsNetwork(workload.annotations, plan, { type: 'Pool' }, workload.identity.namespace);
  return [
    ...(indices.length > 1 ? [addressedByTwoEntries(workload, plan, indices)] : []),
    ...(several ? [hasSeveralPods(workload, plan, several)] : []),
    ...(isOwn ? [requestsSharedAttachment(workload, plan)] : []),
    ...(surges(workload) && !several ? [mightSurge(workload, plan)] : []),
  ];
}
