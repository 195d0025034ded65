import { describe, expect, test } from 'vitest';
import { PROBLEM, rewrite } from './rewrite.ts';

describe('results', () => {
  const yaml = `- message: must be "yes"
  severity: error
  resourceRef:
    apiVersion: v1
    kind: A
    name: a
    namespace: s
  field:
    path: spec.a
    currentValue: "on"
    proposedValue: "yes"
  file:
    path: a.yaml
    index: 1
  tags:
    code: InvalidValue
`;
  const head = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n';

  test('follow the items', () => {
    expect(rewrite(`${head}items: []`, { problems: [PROBLEM] })).toBe(`${head}items: []\nresults:\n${yaml}`);
  });

  test('follow the results that came in', () => {
    const text = `${head}results:\n  - message: before\nitems: []\n`;
    expect(rewrite(text, { problems: [PROBLEM] })).toBe(
      text.replace('items', `${yaml.replaceAll(/^(?=.)/gm, '  ')}items`),
    );
  });

  test('are JSON in JSON', () => {
    const text = '{"kind": "ResourceList", "apiVersion": "config.kubernetes.io/v1", "items": []}';
    const { code, ref, field, file, message, severity } = PROBLEM;
    expect(JSON.parse(rewrite(text, { problems: [PROBLEM] }))).toMatchObject({
      results: [{ message, severity, resourceRef: ref, field, file, tags: { code } }],
    });
  });

  test('are not part of documents', () => {
    expect(rewrite('kind: A\n', { problems: [PROBLEM] })).toBe('kind: A\n');
  });
});

describe('the version of a ResourceList', () => {
  test.each([
    [
      'apiVersion: config.kubernetes.io/v1alpha1 # old\nkind: ResourceList\n',
      'apiVersion: config.kubernetes.io/v1 # old\nkind: ResourceList\n',
    ],
    [
      "kind: ResourceList\napiVersion: 'config.kubernetes.io/v1beta1'\n",
      "kind: ResourceList\napiVersion: 'config.kubernetes.io/v1'\n",
    ],
    ['kind: ResourceList\napiVersion:\n', 'kind: ResourceList\napiVersion: config.kubernetes.io/v1\n'],
    ['kind: ResourceList\n', 'kind: ResourceList\napiVersion: config.kubernetes.io/v1\n'],
    ['{"apiVersion":null,"kind":"ResourceList"}', '{"apiVersion":"config.kubernetes.io/v1","kind":"ResourceList"}'],
  ])('is the current one in the answer to %j', (before, after) => {
    expect(rewrite(before, {})).toBe(after);
  });
});
