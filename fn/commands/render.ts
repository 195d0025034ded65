import type { Input } from '../krm/input.ts';
import { hasErrors } from '../krm/problem.ts';
import { joinStreams } from '../krm/streams.ts';
import { documentsOf } from '../krm/write.ts';
import { run } from '../run.ts';
import { inApplyOrder } from './apply-order.ts';
import { report } from './exit.ts';
import { print } from './output.ts';
import { readPaths } from './read-path.ts';

/** Prints the manifests of a path, or writes them to a directory. On errors it does neither. */
export async function render(path: string, directory: string | undefined): Promise<void> {
  const { input, changes, problems } = run(await readPaths([path], directory));
  if (hasErrors(problems)) return report(problems);
  const documents = documentsOf(input, changes);
  if (directory === undefined) {
    await print(joinStreams(inApplyOrder(documents).map(({ text }) => text)));
    return report(problems);
  }
  // If writing fails, the warnings may say why.
  report(problems);
  (await import('./write-directory.ts')).writeDirectory(directory, documents, filesOf(input));
}

function filesOf({ source }: Input): readonly string[] {
  return source.flatMap((layout) => layout.source.path ?? []);
}
