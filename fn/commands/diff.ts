import { isRendered, type Manifest } from '../changes/manifest.ts';
import { networkChange, type Side } from '../changes/network-change.ts';
import { sideOf } from '../changes/side.ts';
import { formatChange } from '../changes/text.ts';
import { UsageError } from '../files/usage-error.ts';
import { hasErrors } from '../krm/problem.ts';
import { run } from '../run.ts';
import { labelOf, type NetworkId } from '../status/owner.ts';
import { type ClusterOptions, questionOf } from './cluster-options.ts';
import { EXIT, report } from './exit.ts';
import { print } from './output.ts';
import { paintOfOutput } from './paint.ts';
import { readPaths } from './read-path.ts';

/** The options of the verb. */
export interface DiffOptions extends ClusterOptions {
  readonly output: 'text' | 'json';
  /** The namespace of objects that name none, in a cluster. */
  readonly namespace?: string;
}

/** Nothing differs, something does, or it cannot be told: as of diff(1). */
const DIFFERS = 1;

/**
 * Prints what a change does to what runs: from one path to another, or from what runs in the cluster to a path.
 * @throws {@link UsageError} where the cluster cannot be asked
 */
export async function diff(paths: readonly string[], options: DiffOptions): Promise<void> {
  const [first = '', second, ...more] = paths;
  if (more.length > 0) throw new UsageError('diff takes one path, or two: OLD and NEW');
  if (first === '-' && second === '-') throw new UsageError('only one of the paths can be `-`');
  const home = second === undefined ? (options.namespace ?? 'default') : undefined;
  const sides = [];
  for (const path of second === undefined ? [first] : [first, second]) sides.push(await rendered(path, home));
  const after = sides.pop();
  const before = second === undefined && after ? await running(after, options) : sides.pop();
  if (before === undefined || after === undefined) {
    process.exitCode = EXIT.USAGE;
    return;
  }
  const changes = networksOf(before, after).map((network) => networkChange(network, before, after));
  if (changes.some(({ change }) => change !== 'none')) process.exitCode = DIFFERS;
  if (options.output === 'json') return print(`${JSON.stringify({ networks: changes }, null, 2)}\n`);
  const paint = paintOfOutput();
  await print(changes.map((change) => formatChange(change, paint)).join('\n'));
}

/** Nothing where the input has errors, which are then reported. */
async function rendered(path: string, home: string | undefined): Promise<Side | undefined> {
  const outcome = run(await readPaths([path]));
  const errors = outcome.problems.filter(({ severity }) => severity === 'error');
  if (!hasErrors(errors)) return sideOf(outcome, home);
  // Of two paths, one is meant.
  report(errors.map((error) => ({ ...error, file: error.file ?? { path, index: 0 } })));
  return undefined;
}

async function running(after: Side, options: DiffOptions): Promise<Side> {
  const { written } = await import('../cluster/observe.ts');
  // All of them: one that is no client any more does not say so.
  const workloads = after.manifests.filter((one) => !isRendered(one)).map(refOf);
  const names = [...new Set(after.networks.map(({ name }) => name))];
  const answer = await written(questionOf(options), names, workloads);
  if ('refusal' in answer) throw new UsageError(answer.refusal);
  // What it has is what was rendered, and the workloads that are asked for.
  return { from: 'Cluster', networks: [], manifests: answer.objects as readonly Manifest[] };
}

function refOf({ apiVersion, kind, metadata: { namespace = '', name = '' } }: Manifest) {
  return { apiVersion, kind, namespace, name };
}

/** The networks of both sides, by namespace and name; of a cluster, those that are also in the input. */
function networksOf(before: Side, after: Side): readonly NetworkId[] {
  const owners = before.from === 'Cluster' ? [] : before.networks;
  const all = new Map([...owners, ...after.networks].map((one) => [labelOf(one), one]));
  return [...all.keys()].toSorted().flatMap((label) => all.get(label) ?? []);
}
