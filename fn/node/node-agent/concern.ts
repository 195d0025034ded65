import { ANSWER_MAC } from './answer.ts';
import type { Names } from './names.ts';

/** What an event may be about. */
export interface Concern {
  readonly names: Names;
  readonly portGroup: string;
  /** The interface that carries the VXLAN. */
  readonly underlay: string | undefined;
}

/**
 * Whether lines of `ip -o monitor link address` may be about something of ours. Links and link-local addresses come and
 * go with every pod of the node, and only those on our bridges matter.
 */
export function mattersOfLinks(lines: string, { names, portGroup, underlay }: Concern): boolean {
  const { bridge, entry, vxlan } = names;
  const own = [bridge, entry, vxlan, underlay].flatMap((name) => (name === undefined ? [] : [escape(name)]));
  const masters = [bridge, entry].flatMap((name) => (name === undefined ? [] : [escape(name)]));
  const ours = ` master (?:${masters.join('|')}) | group ${portGroup} |: (?:${own.join('|')})[@: ]`;
  const others = String.raw`(?!.*(?:@if\d| scope link )).*: `;
  return new RegExp(`^(?:.*(?:${ours})|${others})`, 'm').test(lines);
}

/**
 * Whether lines of `bridge monitor fdb` are about what the agent keeps: the peers, and the entry by which the bridge
 * answers. All others are told of what is learnt, of which there may be some hundred thousand in a moment.
 */
export function entryFilter(vxlan: string): RegExp {
  return new RegExp(`^(?:Deleted )?(?:00:00:00:00:00:00|${ANSWER_MAC}) dev ${escape(vxlan)} `, 'm');
}

function escape(text: string): string {
  return text.replaceAll(/[.\\+*?^$()[\]{}|]/g, String.raw`\$&`);
}
