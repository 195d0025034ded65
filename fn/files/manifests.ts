import type { ReadResult } from '../krm/input.ts';
import type { Problem } from '../krm/problem.ts';
import { readFiles } from '../krm/read.ts';
import { UsageError } from './usage-error.ts';
import { isBlank, isChart, mayHoldObject } from './manifest-file.ts';

/**
 * Reads the files of a directory, by the same rules for all commands and controllers. A file that
 * contains no object, such as the values of a chart, is skipped with a warning. A document that is
 * not an object is an error if its file contains objects.
 * @throws {@link UsageError} for charts
 */
export function readManifests(files: readonly { readonly path: string; readonly text: string }[]): ReadResult {
  refuseCharts(files.filter(({ path, text }) => isChart(path, text)).map(({ path }) => path));
  const others = files.filter(({ text }) => !mayHoldObject(text));
  const { input, problems } = readFiles(
    files.filter((file) => !others.includes(file)),
    others,
  );
  return {
    input,
    problems: [...problems, ...others.flatMap(({ path, text }) => (isBlank(text) ? [] : [leftOut(path)]))],
  };
}

function leftOut(path: string): Problem {
  return {
    code: 'UnreadableInput',
    severity: 'warning',
    message:
      'it holds no object (no document has an `apiVersion` or a `kind`) and is skipped: move it elsewhere, or begin its name with a dot',
    file: { path, index: 0 },
  };
}

/**
 * Refuses kustomizations where they are not built. `remedy` says what to do instead.
 * @throws {@link UsageError} if there are any
 */
export function refuseKustomizations(paths: readonly string[], remedy: string): void {
  if (paths.length === 0) return;
  throw new UsageError(
    `${paths.join(', ')}: kustomizations are not built here, and skipping one would change what is applied; ${remedy}`,
  );
}

function refuseCharts(paths: readonly string[]): void {
  const [first] = paths;
  if (first === undefined) return;
  const chart = first.split('/').slice(0, -1).join('/') || '.';
  throw new UsageError(
    `${paths.join(', ')}: charts are not rendered here, and skipping one would change what is applied; ` +
      `render it and pass the result, as in \`helm template ${chart} | gateway-network-fn render -\``,
  );
}
