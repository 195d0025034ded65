import { expand } from '../index.ts';
import { report } from './exit.ts';
import { print } from './output.ts';
import { readStdin } from './stdin.ts';

/**
 * The KRM function. On errors a ResourceList holds the items as they came, since an orchestrator that lost the items would lose the
 * results, too; a pipe gets nothing, so that nothing half done is applied.
 */
export async function runFunction(): Promise<void> {
  const { text, problems } = expand(await readStdin());
  await print(text);
  report(problems);
}
