import { expect, it, test } from 'vitest';
import { messages } from '../networks.ts';

it.each(['br-vpn', 'br_vpn.1', 'ÄÖÜbridge', 'a', 'fifteen-bytes-x'])('%s is fine', (name) => {
  expect(messages(`interfaces: {bridge: ${name}}`)).toEqual([]);
});

const SPELLING = 'have no white space, "/", ":" or "%" in it and no "-" in front';

it.each([
  ['', '`spec.interfaces.bridge` must have between 1 and 15 bytes, not ""'],
  ['ÄÖÜÄÖÜÄÖ', '`spec.interfaces.bridge` must have between 1 and 15 bytes, not "ÄÖÜÄÖÜÄÖ"'],
  ['br vpn', `\`spec.interfaces.bridge\` must ${SPELLING}, not "br vpn"`],
  ['br/vpn', `\`spec.interfaces.bridge\` must ${SPELLING}, not "br/vpn"`],
  ['br:0', `\`spec.interfaces.bridge\` must ${SPELLING}, not "br:0"`],
  ['br%d', `\`spec.interfaces.bridge\` must ${SPELLING}, not "br%d"`],
  ['-br', `\`spec.interfaces.bridge\` must ${SPELLING}, not "-br"`],
  ['sixteen-bytes-xx', '`spec.interfaces.bridge` must have at most 15 characters, not "sixteen-bytes-xx": it has 16'],
])('"%s" is not', (name, message) => {
  expect(messages(`interfaces: {bridge: "${name}"}`)).toEqual([message]);
});

it.each(['.', '..', 'lo', 'all', 'default'])('"%s" is taken', (name) => {
  const refused = `is "${name}" and must be another name: Linux gives this one another meaning`;
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
