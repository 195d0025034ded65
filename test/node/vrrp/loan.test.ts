import { expect, test } from 'vitest';
import { readAddresses } from '../../../fn/node/routers/addresses.ts';
import { heldBy, judged, loans, removals, silentRouters } from '../../../fn/node/vrrp/loan.ts';
import { SYNCHRONISED, THREE } from '../routers.ts';

/** The addresses of interfaces, as lines of `INTERFACE ADDRESS/LENGTH`. */
function there(...lines: readonly string[]) {
  const links = lines.map((line) => {
    const [ifname, local, length] = line.split(/[ /]/);
    return { ifname, addr_info: [{ local, prefixlen: Number(length) }] };
  });
  return readAddresses(links);
}

const OWN = ['lo 127.0.0.1/8', 'net1 192.168.50.2/24', 'net1 fd00:50::2/64', 'net2 10.9.0.11/24'] as const;

test.each<[string, readonly string[], readonly string[]]>([
  ['nothing of a standby', OWN, []],
  [
    'all of a master, on each interface its own',
    [...OWN, 'net1 192.168.50.1/24', 'net1 fd00:50::1/128', 'net2 10.9.0.50/24', 'net2 fd00:9::50/128'],
    ['192.168.50.1/24 dev net1', 'fd00:50::1/128 dev net1', '10.9.0.50/24 dev net2', 'fd00:9::50/128 dev net2'],
  ],
  ['what there is of it', [...OWN, 'net1 fd00:50::1/128'], ['fd00:50::1/128 dev net1']],
  ['nothing that is on another interface', [...OWN, 'net2 192.168.50.1/24'], []],
  ['nothing with another length', [...OWN, 'net1 192.168.50.1/32'], []],
])('is lent %s', (_, lines, lent) => {
  expect(loans(heldBy(SYNCHRONISED, there(...lines)))).toBe(
    lent.map((address) => `addr change ${address} nodad valid_lft 3 preferred_lft 0\n`).join(''),
  );
});

test('what keepalived has left is taken away: addresses, and the signs of others', () => {
  expect(removals(THREE, there(...OWN))).toBe('');
  const left = ['lo 127.0.0.3/32', 'lo 127.0.0.9/32', 'net1 192.168.50.1/24'];
  expect(removals(THREE, there(...OWN, ...left))).toBe(
    'addr del 127.0.0.3/32 dev lo\naddr del 192.168.50.1/24 dev net1\n',
  );
});

test('of a silent router there is a sign, of its own there may be one', () => {
  const names = (...lines: readonly string[]) => silentRouters(THREE, 'vpn-router-0', there(...OWN, ...lines));
  expect(names()).toEqual([]);
  expect(names('lo 127.0.0.2/32')).toEqual([]);
  expect(names('lo 127.0.0.2/32', 'lo 127.0.0.4/32')).toEqual(['vpn-router-2']);
  expect(names('lo 127.0.0.3/32', 'lo 127.0.0.4/32')).toEqual(['vpn-router-1', 'vpn-router-2']);
});

test('a router could take over when all programs that it has are ready', () => {
  expect(judged(THREE)).toEqual(['status']);
  expect(judged(SYNCHRONISED)).toEqual(['status', 'connections.status']);
  const resolver = { upstreams: [], clusterDomain: 'cluster.local', clusterCidrs: [] };
  expect(judged({ ...THREE, resolver })).toEqual(['status', 'resolver.status']);
  expect(judged({ ...THREE, wireGuard: { implementation: 'Kernel' } })).toEqual(['status', 'wireguard.status']);
});
