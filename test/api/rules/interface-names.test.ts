import { expect, it, test } from 'vitest';
import { messages } from '../networks.ts';

it.each(['br-vpn', 'br_vpn.1', 'vmbr0', 'a', 'fifteen-bytes-x'])('%s is fine', (name) => {
  expect(messages(`interfaces: {bridge: ${name}}`)).toEqual([]);
});

const SPELLING = 'be the name of an interface (letters, digits, "-", "_" and ".", with no "-" in front)';

it.each(['', 'ÄÖÜ', 'br vpn', 'br/vpn', 'br:0', 'br%d', '-br', 'b"accept#', 'br+', 'br*', "b'", 'b$a', 'b;', 'b\n'])(
  '%j is not',
  (name) => {
    const text = JSON.stringify(name);
    const shown = text.slice(1, -1);
    const said = (path: string) => [`\`${path}\` must ${SPELLING}, not "${shown}"`];
    expect(messages(`interfaces: {bridge: ${text}}`)).toEqual(said('spec.interfaces.bridge'));
    expect(messages(`interfaces: {vxlan: ${text}}`)).toEqual(said('spec.interfaces.vxlan'));
    expect(messages(`overlay: {vni: 7, underlay: {interface: ${text}}}`)).toEqual(
      said('spec.overlay.underlay.interface'),
    );
  },
);

test('a name has at most 15 characters', () => {
  expect(messages('interfaces: {bridge: sixteen-bytes-xx}')).toEqual([
    '`spec.interfaces.bridge` must have at most 15 characters, not "sixteen-bytes-xx": it has 16',
  ]);
});

it.each(['.', '..', 'lo', 'all', 'default'])('"%s" is taken', (name) => {
  const refused = `is "${name}" and must be another name: it has a special meaning in Linux`;
  expect(messages(`interfaces: {vxlan: "${name}"}`)).toEqual([`\`spec.interfaces.vxlan\` ${refused}`]);
  expect(messages(`overlay: {vni: 7, underlay: {interface: "${name}"}}`)).toEqual([
    `\`spec.overlay.underlay.interface\` ${refused}`,
  ]);
});

test('bridge, VXLAN and underlay differ', () => {
  expect(messages('{interfaces: {bridge: br0, vxlan: br0}}')).toEqual([
    '`spec.interfaces.vxlan` is "br0" and must differ from `spec.interfaces.bridge`',
  ]);
  expect(messages('{interfaces: {vxlan: eth0}, overlay: {vni: 7, underlay: {interface: eth0}}}')).toEqual([
    '`spec.interfaces.vxlan` is "eth0" and must differ from `spec.overlay.underlay.interface`',
  ]);
});

test('two networks share an underlay and nothing else', () => {
  const underlay = (vni: number) => `overlay: {vni: ${vni}, underlay: {interface: eth0}}`;
  expect(messages(underlay(7), underlay(8))).toEqual([]);
  expect(messages('interfaces: {bridge: br0}', 'interfaces: {vxlan: br0}')).toEqual([
    '`spec.interfaces.vxlan` is "br0" and must differ from that of an interface of GatewayNetwork "egress/one" in "one.yaml"',
  ]);
  expect(messages(underlay(7), 'interfaces: {bridge: eth0}')).toEqual([
    '`spec.overlay.underlay.interface` is "eth0" and must differ from that of an interface which GatewayNetwork "egress/two" in "two.yaml" builds',
  ]);
});
