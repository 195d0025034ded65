import { validate } from './api/validate.ts';
import { joinClients } from './clients/join.ts';
import { locateForwards } from './clients/locate-forwards.ts';
import { checkClusterNetworks } from './cluster-networks.ts';
import { checkEgressAttachments } from './egress-attachments.ts';
import { findNetworks } from './find-networks.ts';
import type { Changes, Input, ReadResult } from './krm/input.ts';
import { locate } from './krm/locate.ts';
import { noObjects } from './krm/no-objects.ts';
import { hasErrors, type Problem } from './krm/problem.ts';
import { reconcile } from './krm/reconcile.ts';
import { repeated } from './krm/repeated.ts';
import { findCollisions } from './plan/collisions.ts';
import { plan } from './plan/plan.ts';
import { render } from './render/render.ts';
import { summarise } from './summary.ts';

export interface Outcome {
  readonly input: Input;
  /** None where any problem is an error. */
  readonly changes: Changes;
  readonly problems: readonly Problem[];
}

const NO_CHANGES: Changes = { edited: new Map(), added: [] };

/** Expands every GatewayNetwork of the input into its manifests. The same input gives the same outcome. */
export function run(read: ReadResult): Outcome {
  const outcome = expandNetworks(read);
  return { ...outcome, problems: locate(outcome.input, outcome.problems) };
}

function expandNetworks({ input, problems: unreadable }: ReadResult): Outcome {
  const found = findNetworks(input);
  const { networks, problems: invalid } = validate(found.candidates);
  const drafts = networks.map(({ network, candidate: { file, item } }) => ({ owner: plan(network, file), home: item }));
  const joined = joinClients(
    input,
    drafts.map(({ owner }) => owner),
  );
  const { owners, plans, problems: lost } = locateForwards(input, joined.fixed, drafts);
  const strange = [...unreadable, ...noObjects(input), ...repeated(input)];
  const clashing = [
    ...findCollisions(plans),
    ...checkEgressAttachments(input, plans),
    ...checkClusterNetworks(input, plans),
  ];
  // What could not be read at all was not empty.
  const isLost = input.items.length === 0 && hasErrors(unreadable);
  const missing = found.problems.filter(({ code }) => !isLost || code !== 'NoNetwork');
  const early = [...strange, ...missing, ...invalid, ...clashing, ...lost];
  // What the clients of the other networks are told of does not wait for these to be mended.
  const late = joined.problems.filter(({ severity }) => severity === 'error');
  if (hasErrors(early)) return { input, changes: NO_CHANGES, problems: [...early, ...late] };

  const owned = reconcile(
    input,
    owners.map((one) => ({ ...one, objects: render(one.owner) })),
  );
  const problems = [...early, ...owned.problems, ...joined.problems];
  if (hasErrors(problems)) return { input, changes: NO_CHANGES, problems };

  const changes = { edited: new Map([...owned.changes.edited, ...joined.edited]), added: owned.changes.added };
  return { input, changes, problems: [...problems, ...summarise(plans, owned, joined)] };
}
