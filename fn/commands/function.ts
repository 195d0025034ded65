import { expand } from '../index.ts';
import { report } from './exit.ts';
import { print } from './output.ts';
import { readStdin } from './stdin.ts';

/**
 * The KRM function. On errors a ResourceList keeps its items unchanged: an orchestrator that lost
 * the items would also lose the results. Other output is empty, so that nothing incomplete is
 * applied.
 */
export async function runFunction(): Promise<void> {
  const { text, problems } = expand(await readStdin());
  await print(text);
  report(problems);
}
