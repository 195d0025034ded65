import { describe, expect, it } from 'vitest';
import { fieldPath, follow, meets, schemaPath } from '../../fn/api/field-path.ts';

describe('a JSON Pointer', () => {
  const root = { spec: { clients: [{ labels: { 'a/b': 1, 'c~d': 2, '0': 3 } }] } };
  it.each([
    ['', '', root],
    ['/spec/clients/0', 'spec.clients[0]', root.spec.clients[0]],
    ['/spec/clients/0/labels/a~1b', 'spec.clients[0].labels["a/b"]', 1],
    ['/spec/clients/0/labels/c~0d', 'spec.clients[0].labels["c~d"]', 2],
    ['/spec/clients/0/labels/0', 'spec.clients[0].labels["0"]', 3],
  ])('%s leads to %s', (pointer, path, value) => {
    const end = follow(root, pointer);
    expect([fieldPath(end.steps), end.value]).toEqual([path, value]);
  });
});

describe('the path in the schema', () => {
  it.each([
    [['spec', 'subnets', 1], 'spec.subnets[]'],
    [['spec', 'nodes', 'selector', 'matchLabels', 'a/b'], 'spec.nodes.selector.matchLabels.*'],
    [['spec', 'unheard', 'of'], undefined],
    [[], ''],
  ])('of %j is %s', (steps, path) => {
    expect(schemaPath(steps)).toBe(path);
  });
});

describe('two paths', () => {
  it.each([
    ['spec.overlay', 'spec.overlay', true],
    ['spec.overlay', 'spec.overlay.vni', true],
    ['spec.subnets[0]', 'spec.subnets', true],
    ['', 'spec', true],
    ['spec.mtu', 'spec.mtus', false],
    ['spec.overlay.vni', 'spec.overlay.port', false],
  ])('%s and %s meet: %s', (a, b, expected) => {
    expect(meets(a, b)).toBe(expected);
    expect(meets(b, a)).toBe(expected);
  });
});
