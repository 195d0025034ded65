import { validate } from './api/validate.ts';
import { checkInput } from './checks/check-input.ts';
import { connectClients } from './clients/connect.ts';
import { findNetworks } from './find/find-networks.ts';
import type { Changes, Input, ReadResult } from './krm/input.ts';
import { locate } from './krm/locate.ts';
import { hasErrors, type Problem } from './krm/problem.ts';
import { reconcile } from './ownership/reconcile.ts';
import { plan } from './plan/plan.ts';
import { render } from './render/render.ts';
import { summarise } from './summary.ts';

export interface Outcome {
  readonly input: Input;
  /** Empty where any problem is an error. */
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
  const found = findNetworks(input, unreadable);
  const { networks, problems: invalid } = validate(found.candidates);
  const planned = networks.map(({ network, candidate: { file, item } }) => ({
    owner: plan(network, file),
    home: item,
  }));
  const clients = connectClients(input, planned);
  const plans = clients.owners.map(({ owner }) => owner);
  const inputProblems = [
    ...unreadable,
    ...found.problems,
    ...invalid,
    ...checkInput(input, plans),
    ...clients.forwardProblems,
  ];
  if (hasErrors(inputProblems)) {
    // The clients of valid networks are checked in the same run, so that users see all errors at once.
    const clientErrors = clients.problems.filter(({ severity }) => severity === 'error');
    return { input, changes: NO_CHANGES, problems: [...inputProblems, ...clientErrors] };
  }

  const owned = reconcile(
    input,
    clients.owners.map((one) => ({ ...one, objects: render(one.owner) })),
  );
  const problems = [...inputProblems, ...owned.problems, ...clients.problems];
  if (hasErrors(problems)) return { input, changes: NO_CHANGES, problems };

  const changes = { edited: new Map([...owned.changes.edited, ...clients.edited]), added: owned.changes.added };
  return { input, changes, problems: [...problems, ...summarise(plans, owned, clients)] };
}
