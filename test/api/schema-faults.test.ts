import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { API_VERSION, KIND } from '../../fn/api/generated/fields.ts';
import { PATTERN_WORDS, schemaFaults } from '../../fn/api/schema-faults.ts';
import { messages, proposals, validated } from './networks.ts';

describe('a field that the schema does not know', () => {
  const UNKNOWN = 'must be removed or renamed, it is not a field of GatewayNetwork';
  it.each([
    ['gatewayAdresses: []', '`spec.gatewayAdresses`', 'did you mean `gatewayAddresses`?'],
    ['gatewayaddresses: []', '`spec.gatewayaddresses`', 'did you mean `gatewayAddresses`?'],
    ['vni: 7', '`spec.vni`', 'did you mean `spec.overlay.vni`?'],
    ['overlay: {vni: 7, mtu: 1400}', '`spec.overlay.mtu`', 'did you mean `spec.mtu` or `spec.overlay.underlay.mtu`?'],
    ['isolation: Enabled', '`spec.isolation`', 'did you mean `spec.clientIsolation`?'],
    ['image: a', '`spec.image`', 'did you mean `spec.images.node`?'],
    ['gateway: {nodeSelector: {a: b}}', '`spec.gateway.nodeSelector`', 'did you mean `spec.gateway.nodes.selector`?'],
    [
      'clients: [{names: [a]}, {matchLabels: {a: b}}]',
      '`spec.clients[1].matchLabels`',
      'did you mean `spec.clients[1].selector.matchLabels` or `spec.clients[1].namespaceSelector.matchLabels`?',
    ],
    ['podSelector: {}', '`spec.podSelector`', 'did you mean `spec.clients[].selector`?'],
    [
      'clients: [{selector: {matchLabels: {a: b}}, namespace: a}]',
      '`spec.clients[0].namespace`',
      'did you mean `namespaces`?',
    ],
    ['interfaces: {"my bridge": x}', '`spec.interfaces["my bridge"]`', '`spec.interfaces` takes `bridge` or `vxlan`'],
  ])('%s', (spec, path, hint) => {
    expect(messages(spec)).toEqual([`${path} ${UNKNOWN}: ${hint}`]);
  });

  it('stands for the missing one that was meant', () => {
    const value = { apiVersion: API_VERSION, kind: KIND, metadata: { name: 'a' }, spec: { subnet: ['10.0.0.0/24'] } };
    const { faults, unsound } = schemaFaults(value);
    expect(faults.map(({ path }) => path)).toEqual(['spec.subnet']);
    expect(unsound).toContain('spec.subnets');
  });

  it('is told to the caller as it is written', () => {
    expect(validated('vni: 7').problems).toMatchObject([
      { code: 'UnknownField', field: { path: 'spec.vni', currentValue: 7 } },
    ]);
  });
});

describe('a value that the schema does not allow', () => {
  it.each([
    ['overlay: {vni: 0}', '`spec.overlay.vni` must be between 1 and 16777215, not "0"', undefined],
    ['overlay: {vni: 16777216}', '`spec.overlay.vni` must be between 1 and 16777215, not "16777216"', undefined],
    [
      'overlay: {vni: "7"}',
      '`spec.overlay.vni` must be an integer between 1 and 16777215, not "7": this is a string',
      7,
    ],
    [
      'overlay: {vni: 7.5}',
      '`spec.overlay.vni` must be an integer between 1 and 16777215, not "7.5": this is a number',
      undefined,
    ],
    ['overlay: {}', '`spec.overlay.vni` must be set to an integer between 1 and 16777215', undefined],
    ['reserved: [null]', '`spec.reserved[0]` must be a string, not null', undefined],
    ['overlay: [vni]', '`spec.overlay` must be a mapping, not a list', undefined],
    ['subnets: 10.0.0.0/24', '`spec.subnets` must be a list, not "10.0.0.0/24": this is a string', ['10.0.0.0/24']],
    ['subnets: []', '`spec.subnets` must have at least 1 entry, not 0', undefined],
    ['subnets: [a, b, c]', '`spec.subnets` must have at most 2 entries, not 3', undefined],
    ['subnets: [10]', '`spec.subnets[0]` must be a string, not "10": this is a number', undefined],
    ['unservedFamily: block', '`spec.unservedFamily` must be "Block" or "Bypass", not "block"', 'Block'],
    ['unservedFamily: Reject', '`spec.unservedFamily` must be "Block" or "Bypass", not "Reject"', undefined],
    ['agent: {daemonSet: {}}', '`spec.agent.type` must be set to "DaemonSet" or "NodeNetworkOperator"', 'DaemonSet'],
    [
      'nodes: {selector: {matchLabels: {a/b: true}}}',
      '`spec.nodes.selector.matchLabels["a/b"]` must be a string, not "true": this is a boolean',
      'true',
    ],
    [
      'gateway: {resources: {limits: {cpu: 0.5}}}',
      '`spec.gateway.resources.limits.cpu` must be a string or an integer, not "0.5": this is a number',
      '0.5',
    ],
    [
      'nodeRules: {snatExemption: {type: ChainReturn, chainReturn: {chain: "-j"}}}',
      '`spec.nodeRules.snatExemption.chainReturn.chain` must be the name of a chain (letters, digits, "-" and "_", with a letter or digit in front), not "-j"',
      undefined,
    ],
    [
      'clientIsolation: true',
      '`spec.clientIsolation` must be "Disabled" or "Enabled", not "true": this is a boolean',
      undefined,
    ],
    [
      'agent: {type: DaemonSet, daemonSet: {metrics: {}}}',
      '`spec.agent.daemonSet.metrics.type` must be set to "Textfile"',
      'Textfile',
    ],
    ...['/', 'metrics', '/srv/../etc', '/srv/', '/srv metrics'].map((directory): [string, string, undefined] => [
      `agent: {type: DaemonSet, daemonSet: {metrics: {type: Textfile, textfile: {directory: ${directory}}}}}`,
      `\`spec.agent.daemonSet.metrics.textfile.directory\` must be an absolute path (letters, digits, "-", "_" and ".", with no "." in front of a part and no "/" at the end), not "${directory}"`,
      undefined,
    ]),
  ])('%s', (spec, message, proposed) => {
    expect(messages(spec)).toEqual([message]);
    expect(Object.values(proposals(spec))).toEqual([proposed]);
  });
});

test('the schema has only keywords that messages and reference know', () => {
  const validator = readFileSync(join(import.meta.dirname, '../../fn/api/generated/validate.js'), 'utf8');
  const keywords = [...validator.matchAll(/keyword:"(\w+)"/g)].map(([, keyword]) => keyword);
  const limits = ['minimum', 'maximum', 'minItems', 'maxItems', 'maxLength', 'pattern', 'enum', 'const'];
  const known = ['type', 'required', 'additionalProperties', ...limits];
  expect(new Set(keywords)).toEqual(new Set(known));
});

test('every pattern of the schema has words', () => {
  const schema = readFileSync(join(import.meta.dirname, '../../schemas/gateway-network.schema.json'), 'utf8');
  const patterns = [...schema.matchAll(/"pattern": (".*")/g)].map(([, text]) => JSON.parse(text ?? '') as string);
  expect(new Set(patterns)).toEqual(new Set(Object.keys(PATTERN_WORDS)));
});
