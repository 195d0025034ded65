import { describe, expect, test } from 'vitest';
import { read, readFiles } from '../../fn/krm/read.ts';
import { repeated } from '../../fn/checks/repeated.ts';

const object = (metadata: string, kind = 'ConfigMap', apiVersion = 'v1') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {${metadata}}\n`;

const said = (...files: readonly string[]) =>
  repeated(readFiles(files.map((text, index) => ({ path: `${index}.yaml`, text }))).input).map(
    ({ message }) => message,
  );

describe('an object that is defined twice', () => {
  const one = object('name: a, namespace: b');
  const another = object('name: c');

  test.each([
    ['two files', [one, one], 'in line 1 of "0.yaml" and in line 1 of "1.yaml"'],
    ['one file', [`${another}---\n${one}---\n${one}`], 'in line 5 of "0.yaml" and in line 9 of "0.yaml"'],
    [
      'two versions of an API',
      [object('name: a', 'B', 'c/v1'), object('name: a', 'B', 'c/v2')],
      'of "0.yaml" and in line',
    ],
    [
      'the group that the kind was moved from',
      [object('name: a', 'Ingress', 'networking.k8s.io/v1'), object('name: a', 'Ingress', 'extensions/v1beta1')],
      'of "0.yaml" and in line',
    ],
    [
      'a List',
      [one, `apiVersion: v1\nkind: List\nitems: [{${one.trim().replaceAll('\n', ', ')}}]\n`],
      'of "0.yaml" and in line',
    ],
  ])('is named with both places: %s', (_, files, places) => {
    expect(said(...files)).toEqual([expect.stringContaining(`it is defined twice, in`)]);
    expect(said(...files)[0]).toContain(places);
  });

  test('has the places that the orchestrator gives', () => {
    const at = (path: string) => object(`name: a, annotations: {internal.config.kubernetes.io/path: ${path}}`);
    const list = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${['a', 'b'].map((path) => `- ${at(path).trimEnd().replaceAll('\n', '\n  ')}\n`).join('')}`;
    expect(repeated(read(list).input)[0]).toMatchObject({
      code: 'Collision',
      severity: 'error',
      message: 'it is defined twice, in "a" and in "b": remove one of the two',
      file: { path: 'b', index: 0 },
    });
  });

  test('of standard input has its place there', () => {
    expect(repeated(read(`${one}---\n${one}`).input)[0]?.message).toContain(
      'in line 1 of the input and in line 5 of the input',
    );
  });
});

test.each([
  ['another namespace', object('name: a'), object('name: a, namespace: b')],
  ['another group', object('name: a', 'Service'), object('name: a', 'Service', 'serving.knative.dev/v1')],
  [
    'no namespace, which may be any',
    object('name: a, namespace: default', 'Deployment', 'apps/v1'),
    object('name: a', 'Deployment', 'extensions/v1beta1'),
  ],
  ['another kind', object('name: a'), object('name: a', 'Secret')],
  ['a name that the API server gives', object('generateName: a-'), object('generateName: a-')],
  [
    'local configuration',
    object('name: a'),
    object('name: a, annotations: {config.kubernetes.io/local-config: "true"}'),
  ],
])('objects of %s are not the same', (_, one, other) => expect(said(one, other)).toEqual([]));
