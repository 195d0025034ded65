import { describe, expect, it, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCrd, type SchemaNode } from '../../schemas/crd.ts';
import { structuralFaults } from '../../schemas/structural.ts';
import { memberName, unionsOf } from '../../schemas/union.ts';

const CRD = readCrd(readFileSync(join(import.meta.dirname, '../../schemas/gateway-network.crd.yaml'), 'utf8'));
const text: SchemaNode = { type: 'string', description: 'Text.' };

test('the CRD is structural', () => {
  expect(structuralFaults(CRD.schema)).toEqual([]);
});

test('the anchors of the CRD are shared types', () => {
  expect([...CRD.shared.values()]).toEqual(['LabelSelector', 'Toleration', 'Resources', 'Quantity', 'Destination']);
});

test('a CRD of two versions is refused', () => {
  const crd = 'spec: {group: g, names: {kind: K}, versions: [{name: v1}, {name: v2}]}';
  expect(() => readCrd(crd)).toThrow('exactly one version');
});

describe('a schema is not structural', () => {
  const union = (type: SchemaNode, properties: Record<string, SchemaNode> = {}): SchemaNode => ({
    type: 'object',
    description: 'A union.',
    required: ['type'],
    properties: { type, ...properties },
  });
  it.each<[string, SchemaNode, string]>([
    ['without a description', { type: 'string' }, 'f must have a description'],
    ['without a type', { description: 'D.' }, 'f must have either a type or x-kubernetes-int-or-string'],
    ['with a $ref', { ...text, $ref: '#/x' }, 'f must not have a $ref'],
    ['with items of no kind', { type: 'array', description: 'D.' }, 'f must say what its items are'],
    [
      'with properties and others',
      { type: 'object', description: 'D.', properties: {}, additionalProperties: text },
      'f must not have both properties and additionalProperties',
    ],
    [
      'with an unknown field that is required',
      { type: 'object', description: 'D.', required: ['a'] },
      'f requires a, which must be one of its properties',
    ],
    ['with a strange default', { ...text, enum: ['A'], default: 'B' }, 'f must have a default from its enum'],
    ['deep down', { type: 'array', description: 'D.', items: { type: 'string' } }, 'f[] must have a description'],
    [
      'with a stranger in a union',
      union({ ...text, enum: ['A'] }, { b: text }),
      'f.b must bear the name of a value of f.type',
    ],
    [
      'with a union that may be undecided',
      { ...union({ ...text, enum: ['A'] }), required: [] },
      'f is a union and must require type',
    ],
    [
      'with a choice in lower case',
      union({ ...text, enum: ['a'] }),
      'f.type must not offer a: values are in CamelCase',
    ],
  ])('%s', (_, field, fault) => {
    const root: SchemaNode = { type: 'object', description: 'Root.', properties: { f: field } };
    expect(structuralFaults(root)).toEqual([fault]);
  });
});

describe('the member of a choice', () => {
  it.each([
    ['DaemonSet', 'daemonSet'],
    ['VPN', 'vpn'],
    ['VPNTunnel', 'vpnTunnel'],
    ['Unicast', 'unicast'],
  ])('%s is %s', (type, member) => {
    expect(memberName(type)).toBe(member);
  });

  it('is required where it has required fields', () => {
    const flooding = unionsOf(CRD.schema).find(({ path }) => path === 'spec.overlay.flooding');
    expect(flooding?.choices.map(({ type, presence }) => [type, presence])).toEqual([
      ['Unicast', 'optional'],
      ['Multicast', 'required'],
    ]);
  });
});
