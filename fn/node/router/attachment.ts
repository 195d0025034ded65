import { apply, type Change } from '../change.ts';
import { attempt, output } from '../system/command.ts';
import { say } from '../system/process.ts';
import { type InterfaceState, interfaceChanges, type InterfaceWish, parseInterface } from './interface.ts';
import { parsePolicies, policyChanges, TABLE, wantedPolicies } from './policies.ts';
import { carriedFamilies, parseRoutes, routeChanges } from './routes.ts';
import type { Settings } from './settings.ts';

/**
 * How often the addresses are announced after a change. A node that has just joined may miss the first.
 */
const ANNOUNCEMENTS = 3;

let announcements = 0;
let egressMac = '';

export function interfaceState(name: string): InterfaceState | undefined {
  return parseInterface(output(['ip', '-j', 'addr', 'show', 'dev', name]));
}

/** Makes sure that there is no other way out; gives what cannot be done, and then nobody is to send anything. */
export function keepPolicies(settings: Settings): readonly string[] {
  for (const family of settings.families) {
    const found = parsePolicies(output(['ip', '-j', `-${family.slice(-1)}`, 'rule', 'show']));
    for (const change of policyChanges(family, found, wantedPolicies(settings, family))) {
      const fault = make(change);
      if (fault !== undefined) return [fault];
    }
  }
  return [];
}

/** Gives an interface what it is to have. */
export function keepInterface(name: string, wish: InterfaceWish): readonly string[] {
  const found = interfaceState(name);
  if (found === undefined) return [];
  const changes = interfaceChanges(name, found, wish);
  const faults = changes.map(make).filter((fault) => fault !== undefined);
  if (faults.length < changes.length) announcements = ANNOUNCEMENTS;
  return faults;
}

/** That of an egress that brings its own address is left alone. */
export function keepEgressInterface({ egress, own }: Settings): readonly string[] {
  if (own.egressAddresses.length === 0) return [];
  egressMac = interfaceState(egress)?.mac ?? '';
  return keepInterface(egress, { addresses: own.egressAddresses });
}

/** Keeps the routes out. Nothing is said of an interface that is not there yet: another check does. */
export function keepRoutes(settings: Settings): {
  readonly faults: readonly string[];
  readonly notes: readonly string[];
} {
  const state = interfaceState(settings.egress);
  if (state === undefined) return { faults: [], notes: [] };
  const { carried, faults, notes } = carriedFamilies(settings, state);
  const failed = carried.flatMap((family) => {
    const found = parseRoutes(output(['ip', '-j', `-${family.slice(-1)}`, 'route', 'show', 'table', TABLE]));
    return routeChanges(settings, family, found).map(make);
  });
  return { faults: [...failed.filter((fault) => fault !== undefined), ...faults], notes };
}

/**
 * Lets the nodes' bridges, the clients and the neighbours outside know where the addresses are now. The kernel does so
 * for all of them when the MAC is set, to what it was as well (sysctls arp_notify and ndisc_notify).
 */
export function announce({ overlay, egress, own }: Settings): void {
  if (announcements === 0) return;
  announcements -= 1;
  attempt(['ip', 'link', 'set', 'dev', overlay, 'address', own.mac]);
  if (egressMac !== '') attempt(['ip', 'link', 'set', 'dev', egress, 'address', egressMac]);
}

/** Has them announced anew. */
export function announceAgain(): void {
  announcements = ANNOUNCEMENTS;
}

/** Makes a change and says so, or gives why it cannot be made. */
function make(change: Change): string | undefined {
  const answer = apply(change);
  if (answer === undefined) say(change.what);
  return answer === undefined ? undefined : `${change.failure ?? change.what}: ${answer}`;
}
