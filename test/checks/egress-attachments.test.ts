import { expect, test } from 'vitest';
import { checkEgressAttachments } from '../../fn/checks/egress-attachments.ts';
import { read } from '../../fn/krm/read.ts';
import { planOf } from '../plan/network.ts';

const PLAN = planOf(
  '{subnets: [10.9.0.0/24], overlay: {vni: 7}, gateway: {egress: {type: Network, network: {attachment: {name: v}, addresses: [10.99.0.11/24], gateways: [10.99.0.1]}}}}',
);

function said(config: string, namespace = 'egress'): readonly string[] {
  const head = `apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata: {name: v, namespace: ${namespace}}\n`;
  return checkEgressAttachments(read(`${head}${config}`).input, [PLAN]).map(({ message }) => message);
}

test.each([
  ['{"type": "macvlan", "ipam": {"type": "static", "addresses": []}}', 'static'],
  ['{"plugins": [{"type": "macvlan", "ipam": {"type": "whereabouts"}}, {"type": "tuning"}]}', 'whereabouts'],
])('%s gives addresses', (config, type) => {
  expect(said(`spec: {config: '${config}'}\n`)).toEqual([
    expect.stringContaining(`egress/v" assigns addresses with "${type}"`),
  ]);
});

test.each([
  `spec: {config: '{"type": "macvlan"}'}\n`,
  `spec: {config: '{"type": "macvlan", "ipam": {}}'}\n`,
  `spec: {config: '{"plugins": [{"type": "macvlan", "ipam": null}]}'}\n`,
  `spec: {config: '{"type'}\n`,
  'spec: {}\n',
  'spec: {config: [}\n',
])('%s gives none that we know of', (config) => {
  expect(said(config)).toEqual([]);
});

test('an attachment of that name in another namespace is another one', () => {
  expect(said(`spec: {config: '{"ipam": {"type": "dhcp"}}'}\n`, 'other')).toEqual([]);
});

test('an address is the same however it is written', () => {
  const plan = (name: string, vni: number, address: string) =>
    planOf(
      `{subnets: ["fd00:${vni}::/64"], overlay: {vni: ${vni}}, gateway: {egress: {type: Network, network: {attachment: {name: vlan-${name}}, addresses: ["${address}/64"], gateways: ["fd00:99::1"]}}}}`,
      { name, namespace: 'egress' },
    );
  const attachment = (name: string) =>
    `---\napiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata: {name: ${name}, namespace: egress}\nspec: {config: '{"type": "macvlan", "master": "eth1"}'}\n`;
  const plans = [plan('one', 7, 'fd00:99::b'), plan('two', 8, 'FD00:99:0::0B')];
  const { input } = read(attachment('vlan-one') + attachment('vlan-two'));
  expect(checkEgressAttachments(input, plans).map(({ message }) => message)).toEqual([
    expect.stringContaining('"egress/one" has fd00:99::b too'),
  ]);
});
