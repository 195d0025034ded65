import type { Change } from '../change.ts';
import { markLink } from './charge.ts';
import { find, type Link } from './link.ts';
import { isOurs, type Names } from './names.ts';

// What an earlier spec of the network has left under other names. Links of other names that come later are those of a
// successor, so only those count that were there when the agent started.

/** Takes over a VXLAN with the peers that it has, or deletes it. */
export function tidyVxlans(links: readonly Link[], names: Names, leftBehind: readonly string[]): readonly Change[] {
  const { vxlan } = names;
  const former = leftBehind.filter((name) => name !== vxlan).flatMap((name) => ours(links, names, name, 'vxlan'));
  const isFree = vxlan !== undefined && find(links, vxlan) === undefined;
  return former.map(({ name }, index) => (isFree && index === 0 ? rename(name, vxlan) : deletion(name)));
}

/** The bridges of other names whose ports are to move to ours. */
export function formerBridges(links: readonly Link[], names: Names, leftBehind: readonly string[]): readonly Link[] {
  const others = leftBehind.filter((name) => name !== names.bridge);
  return others.flatMap((name) => ours(links, names, name, 'bridge'));
}

/**
 * Moves the ports of a bridge of another name to ours, then deletes it. It is marked first, so that an agent that still
 * keeps it stops to do so. By one process: only for a moment is a pod cut off.
 */
export function replaceBridge(former: Link, ports: readonly Link[], names: Names): readonly Change[] {
  const moves = ports.flatMap(({ name, port }) => [
    `link set dev ${name} master ${names.bridge}\n`,
    // A port forgets that it is isolated when it leaves its bridge.
    ...(port['isolated'] === true ? [`link set dev ${name} type bridge_slave isolated on\n`] : []),
  ]);
  const move = {
    what: `${former.name}: its ports moved to ${names.bridge}`,
    command: ['ip', '-force', '-batch', '-'],
    text: moves.join(''),
  };
  return [...markLink(former, names), ...(moves.length === 0 ? [] : [move]), deletion(former.name)];
}

function ours(links: readonly Link[], names: Names, name: string, kind: string): readonly Link[] {
  const link = find(links, name);
  return link !== undefined && isOurs(link, names) && link.kind === kind ? [link] : [];
}

function deletion(name: string): Change {
  return {
    what: `${name}: deleted, it is not this network's any more`,
    command: ['ip', 'link', 'del', 'dev', name],
  };
}

function rename(from: string, to: string): Change {
  return {
    what: `${from}: renamed to ${to}`,
    command: ['ip', 'link', 'set', 'dev', from, 'name', to],
    // Some kernels rename no link that is up.
    otherwise: `link set dev ${from} down\nlink set dev ${from} name ${to}\nlink set dev ${to} up\n`,
  };
}
