import type { Change } from '../change.ts';

// The peers: which nodes get a copy of each frame that is flooded, as addresses, or as `address%interface`.

/** What is of a list but not of another one. */
export function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const left = new Set(other);
  return list.filter((each) => !left.has(each));
}

/** Adds and removes destinations as a difference: what is there stays untouched. */
export function diffPeers(vxlan: string, actual: readonly string[], wanted: readonly string[]): readonly Change[] {
  const [missing, excess] = [without(wanted, actual), without(actual, wanted)];
  return [...change(vxlan, 'added', 'append', missing), ...change(vxlan, 'removed', 'del', excess)];
}

function change(vxlan: string, what: string, verb: string, peers: readonly string[]): readonly Change[] {
  if (peers.length === 0) return [];
  const lines = peers.map((peer) => {
    const [address = '', device] = peer.split('%');
    const via = device === undefined ? '' : ` via ${device}`;
    return `fdb ${verb} 00:00:00:00:00:00 dev ${vxlan} dst ${address}${via}\n`;
  });
  return [
    {
      what: `${vxlan}: peers ${what}: ${peers.join(' ')}`,
      command: ['bridge', '-force', '-batch', '-'],
      text: lines.join(''),
    },
  ];
}
