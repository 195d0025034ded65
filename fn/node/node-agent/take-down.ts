import { say } from '../system/process.ts';
import type { Keepers } from './pass.ts';
import type { Settings } from './settings.ts';

/** Removes what is ours. A bridge that is deleted under its pods cuts them off for good. */
export function takeDown(
  { names, rules: text, config }: Settings,
  { node, journal, tenure, rules, primaries }: Pick<Keepers, 'node' | 'journal' | 'tenure' | 'rules' | 'primaries'>,
): void {
  rules.want('rules', text);
  if (tenure.carriesPods(names) || primaries.holds(node.links())) {
    say(`${names.bridge}: pods are attached, everything stays in place`);
    return;
  }
  tenure.deleteLinks(names);
  // Tables have the names that were rendered: those of a network that was rendered alike are called the same.
  if (!tenure.isForeign(names)) rules.takeDown(journal, text, config);
}
