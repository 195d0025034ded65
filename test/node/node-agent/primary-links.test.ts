import { expect, test } from 'vitest';
import type { Link } from '../../../fn/node/node-agent/link.ts';
import { findPrimaries, stillThere } from '../../../fn/node/node-agent/primary-links.ts';
import { port } from './given.ts';

const PLACES = { bridge: 'gwvpn', entry: 'gwvpn-in', portGroup: 10000007, vxlan: 'gwvpn-vx' };

let count = 100;

/** An end of a pod's interface, on a bridge or on none. */
function end(name: string, peerNamespace: number | undefined, master?: string): Link {
  return port(name, { index: count++, peerNamespace, master });
}

interface Given {
  readonly routers?: readonly string[];
  /** What files name: ends of the primary interface, and of others. */
  readonly primary?: readonly string[];
  readonly others?: readonly string[];
  readonly before?: readonly Link[];
}

function found(links: readonly Link[], { routers = [], primary = [], others = [], before = [] }: Given = {}) {
  const ends = () => ({ primary: new Set(primary), others: new Set(others) });
  const result = findPrimaries({ links, places: PLACES, routers: new Set(routers), ends }, before);
  return { names: result.links.map(({ name }) => name), missing: result.missing };
}

test('it is the other end that leads to where the port does, before the port is on the network and after', () => {
  const links = [
    end('cali1', 1),
    end('veth1', 1, 'gwvpn'),
    end('cali2', 2, 'cni0'),
    end('veth2', 2, 'gwvpn-in'),
    end('cali3', 3),
    end('eth0', undefined),
    end('gwvpn-vx', undefined, 'gwvpn'),
  ];
  expect(found(links)).toEqual({ names: ['cali1', 'cali2'], missing: 0 });
});

test("a router's is not limited, unless the pod is a client, too", () => {
  const router = [end('cali1', 1), end('veth1', 1, 'gwvpn')];
  expect(found(router, { routers: ['veth1'] })).toEqual({ names: [], missing: 0 });
  const both = [...router, end('veth2', 1, 'gwvpn')];
  expect(found(both, { routers: ['veth1'] })).toEqual({ names: ['cali1'], missing: 0 });
});

test('files tell several ends of a pod apart', () => {
  const links = [end('cali1', 1), end('veth1', 1, 'gwvpn'), end('veth9', 1, 'br-lan'), end('veth8', 1)];
  expect(found(links)).toEqual({ names: ['cali1', 'veth9', 'veth8'], missing: 0 });
  expect(found(links, { others: ['veth9'] })).toEqual({ names: ['cali1', 'veth8'], missing: 0 });
  expect(found(links, { primary: ['cali1'] })).toEqual({ names: ['cali1'], missing: 0 });
});

test('one that is not on the node is told of, and one whose name cannot be written', () => {
  expect(found([end('veth1', 1, 'gwvpn')])).toEqual({ names: [], missing: 1 });
  expect(found([end('a"b', 1), end('veth1', 1, 'gwvpn')])).toEqual({ names: [], missing: 1 });
  expect(found([end('veth1', undefined, 'gwvpn')])).toEqual({ names: [], missing: 0 });
});

test('it stays limited without the port, as long as it is there, and for nobody else', () => {
  const [link, other] = [end('cali1', 1), end('cali2', 2)];
  expect(found([link, other], { before: [link] }).names).toEqual(['cali1']);
  expect(found([other], { before: [link] }).names).toEqual([]);
  expect(found([{ ...link, index: 999 }], { before: [link] }).names).toEqual([]);
  const router = end('veth1', 1, 'gwvpn');
  expect(found([link, router], { before: [link], routers: ['veth1'] }).names).toEqual([]);
  expect(stillThere([{ ...link, peerNamespace: 7 }], [link])).toEqual([{ ...link, peerNamespace: 7 }]);
});
