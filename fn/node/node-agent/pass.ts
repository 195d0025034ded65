import { attachAgain, groupPorts, outdatedPorts, raiseRouters } from './pod-ports.ts';
import { keepBridge, keepEntry } from './bridges.ts';
import type { Journal } from './journal.ts';
import type { Lookup } from './lookup.ts';
import type { NodeState } from './node.ts';
import type { OverlayKeeper } from './overlay.ts';
import type { Ports } from './ports.ts';
import type { Primaries } from './primaries.ts';
import type { RuleSets } from './rule-sets.ts';
import type { Settings } from './settings.ts';
import type { Tenure } from './tenure.ts';

/** What keeps the parts of a node's datapath. */
export interface Keepers {
  readonly node: NodeState;
  readonly journal: Journal;
  readonly tenure: Tenure;
  readonly rules: RuleSets;
  readonly overlay: OverlayKeeper;
  readonly lookup: Lookup | undefined;
  readonly ports: Ports;
  readonly primaries: Primaries;
}

/**
 * Makes the node as it has to be. Nothing is touched before it is clear that it is ours to touch. Then what is wanted
 * no more goes, and the rules come first: a bridge without them is open to the node, and a VXLAN to everybody.
 *
 * @returns how many pods have another MTU; nothing where that was not looked at
 */
export function keepNode(settings: Settings, keepers: Keepers): number | undefined {
  const { node, journal, tenure, rules, overlay, ports, primaries } = keepers;
  const { names, config } = settings;
  if (!tenure.isOwn(names)) return undefined;
  tenure.tidyVxlans(names);
  rules.want('rules', settings.rules);
  primaries.begin(config, node.links());
  const wanted = config.overlay && overlay.plan(settings, config.overlay);
  rules.keep(journal, config);
  rules.tidy(journal, [
    ...(config.overlay ? ['overlay'] : []),
    ...(config.entry === undefined ? [] : ['ports', 'primary']),
  ]);
  if (keepBridge(settings, node, journal, tenure)) {
    tenure.tidyBridges(names);
    keepPorts(settings, keepers);
    if (wanted && rules.isLoaded('overlay')) overlay.keep(settings, wanted);
  }
  // What follows a change of the network is no repair.
  for (const change of raiseRouters(node.links(), ports.routers(), config.mtu)) journal.change(change, true);
  const { count, notes } = outdatedPorts(node.links(), config.mtu, names, ports.routers());
  for (const note of notes) journal.note(note);
  return count;
}

/** A fault here is no reason to leave the rest alone. */
function keepPorts(settings: Settings, { node, journal, ports }: Keepers): void {
  const { names, portGroup, config } = settings;
  if (names.entry !== undefined && !keepEntry(settings, node, journal)) return;
  for (const change of attachAgain(node.links(), portGroup, names)) journal.change(change);
  if (names.entry !== undefined) ports.keep(journal, config, node.links());
  else for (const change of groupPorts(node.links(), portGroup, names)) journal.change(change);
}
