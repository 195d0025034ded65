import type { Change } from '../change.ts';
import { find, type Link } from './link.ts';
import { foreignMark, formerLinks, isOurs, type Names, otherHolder } from './names.ts';

/**
 * Who is in charge of the node. While agents are rolled two of them run: the alias of the bridge names the pod of the
 * one that may make changes, and the network alone once that one has let go of it.
 */
export type Charge =
  /** This agent, which may have something to change first. */
  | { readonly type: 'Own'; readonly changes: readonly Change[] }
  | { readonly type: 'Superseded'; readonly by: string }
  /** Something else has the bridge's name. */
  | { readonly type: 'Refused'; readonly fault: string };

const OWN: Charge = { type: 'Own', changes: [] };

/**
 * Whether the bridge may be made or changed by this agent, which takes it over once, when it starts. Nothing is touched
 * before.
 *
 * @param claimed whether this agent has kept the bridge before
 * @param detailedPorts the ports of a bridge with their kinds
 */
export function judgeCharge(
  links: readonly Link[],
  names: Names,
  claimed: boolean,
  detailedPorts: (bridge: string) => readonly Link[],
): Charge {
  const bridge = find(links, names.bridge);
  if (bridge === undefined) return (claimed && keptOtherwise(links, names)) || OWN;
  const holder = otherHolder(bridge, names);
  if (bridge.kind === 'vxlan' && isOurs(bridge, names)) {
    if (claimed && holder !== undefined) return { type: 'Superseded', by: holder };
    const what = `${bridge.name}: deleted, it was this network's VXLAN`;
    const deletion = { what, command: ['ip', 'link', 'del', 'dev', bridge.name] };
    return { type: 'Own', changes: [...markFormer(links, names), deletion] };
  }
  if (bridge.kind !== 'bridge') {
    return { type: 'Refused', fault: `${bridge.name} exists and is no bridge: left alone` };
  }
  if (!isOurs(bridge, names)) {
    const fault = foreignMark(bridge, names) ?? otherUse(bridge, detailedPorts(bridge.name));
    return fault === undefined ? OWN : { type: 'Refused', fault };
  }
  if (holder === undefined) return OWN;
  return claimed ? { type: 'Superseded', by: holder } : { type: 'Own', changes: [takeOver(bridge, holder, names)] };
}

function takeOver({ name }: Link, holder: string, { mark }: Names): Change {
  return { what: `${name}: taken over from ${holder}`, command: ['ip', 'link', 'set', 'dev', name, 'alias', mark] };
}

/** Whether a successor keeps the network by a bridge of another name. */
export function keptOtherwise(links: readonly Link[], names: Names): Charge | undefined {
  const holders = formerLinks(links, names).map((link) =>
    link.kind === 'bridge' ? otherHolder(link, names) : undefined,
  );
  const by = holders.find((holder) => holder !== undefined);
  return by === undefined ? undefined : { type: 'Superseded', by };
}

/** Has an agent that still keeps a bridge of another name stop to do so. */
function markFormer(links: readonly Link[], names: Names): readonly Change[] {
  return formerLinks(links, names).flatMap((link) => markLink(link, names));
}

export function markLink({ name, alias }: Link, { mark }: Names): readonly Change[] {
  return alias === mark
    ? []
    : [{ what: `${name}: marked`, command: ['ip', 'link', 'set', 'dev', name, 'alias', mark] }];
}

/**
 * Why a bridge may not be taken for ours: it has an address, or something attached that is neither a pod nor a VXLAN.
 */
function otherUse(bridge: Link, ports: readonly Link[]): string | undefined {
  if (bridge.addresses.some(({ isLocal }) => !isLocal)) {
    return `${bridge.name} is not ours, it has an address: left alone`;
  }
  if (ports.every(({ kind }) => kind === 'veth' || kind === 'vxlan')) return undefined;
  return `${bridge.name} is not ours, it has a port that is no pod's: left alone`;
}
