import type { Manifest } from '../cluster/facts.ts';
import { diagnose, furtherOf, labelsIn, type Meant } from '../doctor/doctor.ts';
import { formatDiagnosis } from '../doctor/text.ts';
import { UsageError } from '../files/usage-error.ts';
import { hasErrors } from '../krm/problem.ts';
import { documentsOf } from '../krm/write.ts';
import { run } from '../run.ts';
import { isFields } from '../yaml/fields.ts';
import { parse } from '../yaml/parse.ts';
import { type ClusterOptions, questionOf } from './cluster-options.ts';
import { EXIT, report } from './exit.ts';
import { requireNetworkIn } from './networks-wanted.ts';
import { print } from './output.ts';
import { paintOfOutput } from './paint.ts';
import { readPaths } from './read-path.ts';

/** The options of the verb. */
export interface DoctorOptions extends ClusterOptions {
  readonly output: 'text' | 'json';
  /** The namespace of the networks. */
  readonly namespace?: string;
}

/**
 * Checks a cluster against the networks of a path or, without one, against those that are in it. Input with errors is
 * reported as `validate` does, and the cluster is not asked.
 * @throws {@link UsageError} where the cluster cannot be asked, or the path has no network in the namespace
 */
export async function doctor(path: string | undefined, options: DoctorOptions): Promise<void> {
  const objects = path === undefined ? undefined : await objectsOf(path);
  if (path !== undefined) {
    if (objects === undefined) return;
    requireNetworkIn(options.namespace, path, labelsIn(objects));
  }
  const meant: Meant = {
    ...(objects !== undefined && { objects }),
    ...(options.namespace !== undefined && { namespace: options.namespace }),
  };
  // A file of its own beside the program: the function would take longer to start if it had to read that, too.
  const { survey } = await import('../cluster/observe.ts');
  const answer = await survey(questionOf(options), (facts) => furtherOf(facts, meant));
  if ('refusal' in answer) throw new UsageError(answer.refusal);
  const diagnosis = diagnose(answer.facts, meant);
  if (!diagnosis.ok) process.exitCode = EXIT.PROBLEMS;
  const { output } = options;
  await print(
    output === 'json' ? `${JSON.stringify(diagnosis, null, 2)}\n` : formatDiagnosis(diagnosis, paintOfOutput()),
  );
}

/** All that `render` prints; nothing where the input has errors, which are reported. */
async function objectsOf(path: string): Promise<readonly Manifest[] | undefined> {
  const { input, changes, problems } = run(await readPaths([path]));
  report(problems);
  if (hasErrors(problems)) return undefined;
  return documentsOf(input, changes).flatMap(({ text }) => objectIn(text));
}

/** Nothing for what cannot be read, of which a warning has told. */
function objectIn(text: string): readonly Manifest[] {
  const { value } = parse(text);
  return isFields(value) ? [value] : [];
}
