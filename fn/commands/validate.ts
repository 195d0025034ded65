import { hasErrors } from '../krm/problem.ts';
import { run } from '../run.ts';
import { report } from './exit.ts';
import { formatProblem } from '../files/format-problem.ts';
import { print } from './output.ts';
import { readPaths } from './read-path.ts';

/** Renders the manifests and discards them: input that is valid here can also be rendered. */
export async function validatePaths(paths: readonly string[]): Promise<void> {
  const { problems } = run(await readPaths(paths));
  report(problems);
  if (hasErrors(problems)) return;
  const remarks = problems.filter(({ severity }) => severity === 'info');
  await print(remarks.map((problem) => `${formatProblem(problem)}\n`).join(''));
}
