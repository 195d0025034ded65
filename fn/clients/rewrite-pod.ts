import { CLIENT_ANNOTATION } from '../marks.ts';
import { requestsNetwork, joinNetwork, isClientOf, leaveNetwork, withoutNetwork } from './membership.ts';
import { referenceTo } from './networks-annotation.ts';
import { hasOptions, setOptions, unsetOptions } from './pod-spec.ts';
import type { Selection } from './selection.ts';
import type { Workload } from './workload.ts';

/**
 * The text in which the pod is the client that the selection describes, or no client. The text itself if it is so
 * already.
 */
export function rewritePod(before: string, workload: Workload, selection: Selection | undefined): string {
  const { annotations } = workload;
  const isMember = selection ? isClientOf(workload, selection) : annotations[CLIENT_ANNOTATION] === undefined;
  if (isMember && hasOptions(workload, selection)) return before;
  // Options go first and come last, so that the annotations are in the same order after each run.
  const bare = unsetOptions(before, workload);
  const joined = isMember ? bare : move(bare, workload, selection);
  return selection && selection.options.length > 0 ? setOptions(joined, workload, selection) : joined;
}

/** The text in which the pod requests the network that it joins, and no other network that we wrote. */
function move(
  text: string,
  { path, identity: { namespace }, annotations }: Workload,
  to: Selection | undefined,
): string {
  const left = annotations[CLIENT_ANNOTATION] === undefined ? annotations : withoutNetwork(annotations, namespace);
  const bare = leaveNetwork(text, path, annotations, left);
  return to === undefined || requestsNetwork(left, to.plan, to.addressing, namespace)
    ? bare
    : joinNetwork(bare, path, left, to.plan, referenceTo(to.plan, to.addressing, namespace));
}
