import { expect, test } from 'vitest';
import { formerBridges, replaceBridge, tidyVxlans } from '../../../fn/node/node-agent/former.ts';
import { formerLinks } from '../../../fn/node/node-agent/names.ts';
import { bridge, lines, NAMES, vxlan } from './bridges.ts';
import { port } from './given.ts';

const OTHERS = { alias: 'gateway-network egress/vpn2 agent-a' };

test('former links are those with the mark of the network and a name or a kind that it has no more', () => {
  const links = [
    bridge(),
    bridge('gwvpn-in'),
    bridge('gwold'),
    bridge('gwvpn-vx'),
    bridge('gwvpn2', OTHERS),
    bridge('br9', { alias: '' }),
    vxlan(),
    vxlan('gwvpn', { alias: NAMES.released }),
    vxlan('gwold-vx'),
    port('veth1', { alias: NAMES.mark }),
  ];
  const found = formerLinks(links, NAMES).map(({ kind, name }) => `${kind} ${name}`);
  expect(found).toEqual(['vxlan gwvpn', 'vxlan gwold-vx', 'bridge gwold', 'bridge gwvpn-vx']);
});

test('a VXLAN of another name is taken over where there is none yet, and else deleted', () => {
  const former = [vxlan('gwold-vx'), vxlan('gwolder-vx'), bridge('gwold')];
  const names = former.map(({ name }) => name);
  const renamed = 'gwold-vx: renamed to gwvpn-vx: ip link set dev gwold-vx name gwvpn-vx';
  const deleted = (name: string) => `${name}: deleted, it is not this network's any more: ip link del dev ${name}`;
  const tidied = (...[links, given = NAMES, left = names]: readonly [typeof former, typeof NAMES?, typeof names?]) =>
    lines(tidyVxlans(links, given, left));
  expect(tidied(former)).toEqual([renamed, deleted('gwolder-vx')]);
  expect(tidyVxlans(former, NAMES, names)[0]?.otherwise).toBe(
    'link set dev gwold-vx down\nlink set dev gwold-vx name gwvpn-vx\nlink set dev gwvpn-vx up\n',
  );
  expect(tidied([...former, vxlan()])).toEqual([deleted('gwold-vx'), deleted('gwolder-vx')]);
  expect(tidied(former, { ...NAMES, vxlan: undefined })).toEqual([deleted('gwold-vx'), deleted('gwolder-vx')]);
  // Those of a successor, or of somebody else by now.
  expect(tidied(former, NAMES, [])).toEqual([]);
  expect(tidied([vxlan('gwold-vx', OTHERS)])).toEqual([]);
  expect(tidied([vxlan()], NAMES, ['gwvpn-vx'])).toEqual([]);
});

test('bridges of other names that were there at the start', () => {
  const links = [bridge(), bridge('gwold'), bridge('gwnew'), vxlan('gwold-vx'), bridge('gwvpn2', OTHERS)];
  const left = ['gwvpn', 'gwold', 'gwold-vx', 'gwvpn2', 'gwgone'];
  expect(formerBridges(links, NAMES, left).map(({ name }) => name)).toEqual(['gwold']);
});

test('the ports of a bridge of another name move by one process, and stay isolated', () => {
  const former = bridge('gwold', { alias: `${NAMES.released} agent-b` });
  const ports = [port('veth1'), port('veth2', { port: { isolated: true } })];
  expect(lines(replaceBridge(former, ports, NAMES))).toEqual([
    `gwold: marked: ip link set dev gwold alias ${NAMES.mark}`,
    `gwold: its ports moved to gwvpn: ip -force -batch -
link set dev veth1 master gwvpn
link set dev veth2 master gwvpn
link set dev veth2 type bridge_slave isolated on`,
    "gwold: deleted, it is not this network's any more: ip link del dev gwold",
  ]);
  expect(replaceBridge(bridge('gwold'), [], NAMES)).toHaveLength(1);
});
