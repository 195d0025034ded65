import { describe, expect, it, test } from 'vitest';
import { API_VERSION, KIND } from '../../fn/api/generated/fields.ts';
import { validate } from '../../fn/api/validate.ts';
import { messages, networks, validated } from './networks.ts';

/** What is said against a whole object. */
function said(value: unknown): readonly string[] {
  return validate([{ value, file: undefined }]).problems.map(({ message }) => message);
}

const whole = (metadata: unknown) => ({
  apiVersion: API_VERSION,
  kind: KIND,
  metadata,
  spec: { subnets: ['10.0.0.0/24'] },
});

test('networks without faults come back as values, in their order', () => {
  const candidates = networks('overlay: {vni: 7}', 'overlay: {vni: 8}');
  const { networks: valid, problems } = validate(candidates);
  expect(problems).toEqual([]);
  expect(valid.map(({ candidate }) => candidate)).toEqual(candidates);
  expect(valid.map(({ network }) => network)).toMatchObject([
    { overlay: { vni: 7, port: 4799 } },
    { overlay: { vni: 8, port: 4799 } },
  ]);
});

test('all problems of all networks come at once, in the order of the networks', () => {
  const { networks: valid, problems } = validated(
    '{overlay: {vni: 0}, mtu: 70000, gatewayAddresses: [x]}',
    '{subnets: [192.168.60.1/24], overlay: {vni: 7}}',
    '{overlay: {vni: 7}}',
  );
  expect(valid).toEqual([]);
  expect(problems.map(({ code, ref, field }) => `${ref?.name} ${code} ${field?.path}`)).toEqual([
    'one InvalidValue spec.mtu',
    'one InvalidValue spec.overlay.vni',
    'one InvalidAddress spec.gatewayAddresses[0]',
    'two InvalidSubnet spec.subnets[0]',
    'three Collision spec.overlay.vni',
  ]);
});

test('a problem names object, field and file', () => {
  expect(validated('overlay: {vni: 7, port: 8472}').problems).toEqual([
    {
      code: 'Collision',
      severity: 'error',
      message:
        '`spec.overlay.port` is "8472" and must not be 4789, 6081 or 8472: this is the port of flannel and Cilium',
      ref: { apiVersion: API_VERSION, kind: KIND, name: 'one', namespace: 'egress' },
      field: { path: 'spec.overlay.port', currentValue: 8472, proposedValue: 4799 },
      file: { path: 'one.yaml', index: 0 },
    },
  ]);
});

test('a rule is spared fields that it could not read', () => {
  expect(messages('{subnets: 7, gatewayAddresses: [10.0.0.1], overlay: {vni: 1, underlay: {family: IPv5}}}')).toEqual([
    '`spec.subnets` must be a list, not "7": this is a number',
    '`spec.overlay.underlay.family` must be "IPv4" or "IPv6", not "IPv5"',
    '`spec.overlay.vni` is "1" and must be neither 1 nor 4096: this is the VNI of flannel',
  ]);
});

test('a field that is not known keeps no rule from what is known', () => {
  expect(messages('{clients: [{names: [web], zzz: 1}, {selector: {}}], zzz: 1, overlay: {vni: 1, zzz: 1}}')).toEqual([
    expect.stringContaining('`spec.zzz` must be removed'),
    expect.stringContaining('`spec.overlay.zzz` must be removed'),
    expect.stringContaining('`spec.clients[0].zzz` must be removed'),
    expect.stringContaining('`spec.overlay.vni` is "1"'),
    expect.stringContaining('`spec.clients[1].selector` must have an entry'),
  ]);
});

test('what is meant by one that is misspelt is not said to be missing', () => {
  expect(messages('clients: [{selectr: {matchLabels: {a: b}}}]')).toEqual([
    expect.stringContaining('did you mean `selector`?'),
  ]);
});

describe('names', () => {
  const LABEL = 'be a DNS label (lower case letters, digits and "-", with a letter or digit at both ends)';
  it.each([
    [{ name: 'vpn', labels: { a: 'b' } }, []],
    [{ name: 'a'.repeat(40), namespace: 'b'.repeat(63) }, []],
    [{ name: 'my.vpn' }, [`\`metadata.name\` must ${LABEL}, not "my.vpn"`]],
    [{ name: 'VPN' }, [`\`metadata.name\` must ${LABEL}, not "VPN"`]],
    [{ name: '' }, [`\`metadata.name\` must ${LABEL}, not ""`]],
    [
      { name: 'a'.repeat(41) },
      [`\`metadata.name\` must have at most 40 characters, not "${'a'.repeat(41)}": it has 41`],
    ],
    [{ name: 'vpn', namespace: 'my.ns' }, [`\`metadata.namespace\` must ${LABEL}, not "my.ns"`]],
    [{}, ['`metadata.name` must be set to a string']],
  ])('%j', (metadata, expected) => {
    expect(said(whole(metadata))).toEqual(expected);
  });

  it('that are wrong have a code of their own', () => {
    const { problems } = validate([{ value: whole({ name: 'my.vpn' }), file: undefined }]);
    expect(problems.map(({ code }) => code)).toEqual(['InvalidName']);
  });
});

describe('what is no GatewayNetwork of this version', () => {
  it.each([
    [null, ['`GatewayNetwork` must be a mapping, not "null"']],
    ['text', ['`GatewayNetwork` must be a mapping, not "text"']],
    [[], ['`GatewayNetwork` must be a mapping, not "[]"']],
    [
      {},
      [
        `\`apiVersion\` must be set to "${API_VERSION}"`,
        '`kind` must be set to "GatewayNetwork"',
        '`metadata` must be set to a mapping',
        '`spec` must be set to a mapping',
      ],
    ],
    [
      { ...whole({ name: 'vpn' }), apiVersion: 'gatewaynetwork.dev/v2', spec: { unheardOf: 1 } },
      [
        `\`apiVersion\` must be "${API_VERSION}", not "gatewaynetwork.dev/v2": it is the only version that is supported`,
      ],
    ],
    [{ ...whole({ name: 'vpn' }), apiVersion: 'v1' }, [`\`apiVersion\` must be "${API_VERSION}", not "v1"`]],
    [{ ...whole({ name: 'vpn' }), kind: 'Network' }, ['`kind` must be "GatewayNetwork", not "Network"']],
  ])('%j', (value, expected) => {
    expect(said(value)).toEqual(expected);
  });

  it('of another version is said to be unsupported', () => {
    const value = { ...whole({ name: 'vpn' }), apiVersion: 'gatewaynetwork.dev/v1' };
    expect(validate([{ value, file: undefined }]).problems.map(({ code }) => code)).toEqual(['UnsupportedVersion']);
  });
});
