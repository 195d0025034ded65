import { describe, expect, test } from 'vitest';
import { joinClients } from '../../fn/clients/join.ts';
import { read } from '../../fn/krm/read.ts';
import { unguardedPlanOf } from '../plan/network.ts';

const spec = (names: string, more = '') => `{subnets: [10.9.0.0/24], clients: [{names: [${names}]${more}}]}`;
const VPN = unguardedPlanOf(spec('p'));
const NOBODY = unguardedPlanOf(spec('q'));
const KEY = 'k8s.v1.cni.cncf.io/networks';
const OF = 'gatewaynetwork.dev/client-of: egress/vpn';
const BEFORE = 'gatewaynetwork.dev/client-before';

const pod = (metadata: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: apps\n${metadata}spec: {}\n`;
const annotated = (value: string, more = '') => pod(`  annotations:\n    ${KEY}:${value}\n${more}`);
const MARK = `    ${OF}\n`;

function run(text: string, plan = VPN) {
  const { edited, problems } = joinClients(read(text).input, [plan]);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return [...edited.values()][0] ?? text;
}

/**
 * What the annotation is, what it is for a client, and what is left of it where that is spelled in
 * another way; null for none.
 */
const FORMS: readonly [string, string, (string | null)?][] = [
  [' storage', ' storage, egress/vpn'],
  [' storage # c', ' storage, egress/vpn # c'],
  [' a,b', ' a,b,egress/vpn'],
  [' a, other/b@eth1', ' a, other/b@eth1, egress/vpn'],
  [' a,\n      b', ' a, b, egress/vpn', ' a, b'],
  [" 'storage'", " 'storage, egress/vpn'"],
  [' "storage"  # c', ' "storage, egress/vpn"  # c'],
  [' |-\n      a,\n      b', ' |-\n      a,\n      b,\n      egress/vpn'],
  [' >\n      a', ' |\n      a, egress/vpn', ' |\n      a'],
  [' storage@net2', ' storage@net2, egress/vpn@net3'],
  [' a@net3, b@net4', ' a@net3, b@net4, egress/vpn@net5'],
  [` '[{"name":"a"}]'`, ` '[{"name":"a"},{"name":"vpn","namespace":"egress"}]'`],
  [` '[ {"name": "a"} ]'`, ` '[ {"name": "a"}, {"name": "vpn", "namespace": "egress"} ]'`],
  [
    ` '[{"name": "a", "interface": "net2"}]'`,
    ` '[{"name": "a", "interface": "net2"}, {"name": "vpn", "namespace": "egress", "interface": "net3"}]'`,
  ],
  [` "[{\\"name\\": \\"a\\"}]"`, ` "[{\\"name\\": \\"a\\"}, {\\"name\\": \\"vpn\\", \\"namespace\\": \\"egress\\"}]"`],
  [` '[]'`, ` '[{"name": "vpn", "namespace": "egress"}]'`, null],
  [
    ' |\n      [\n        {"name": "a"}\n      ]',
    ' |\n      [\n        {"name": "a"},\n        {"name": "vpn", "namespace": "egress"}\n      ]',
  ],
  // A comment below stays out of the block.
  [
    ' |\n            a,\n            b\n       # c',
    ' |\n            a,\n            b,\n            egress/vpn\n       # c',
  ],
  [' ""', ' "egress/vpn"', null],
  ['', ' egress/vpn', null],
];

describe('the annotation', () => {
  test.each(FORMS)('%j becomes %j, and goes again', (before, after, rest = before) => {
    const joined = annotated(after, MARK);
    expect(run(annotated(before))).toBe(joined);
    expect(run(joined)).toBe(joined);
    expect(run(joined, NOBODY)).toBe(rest === null ? pod('') : annotated(rest));
  });

  test.each([
    ['  annotations: {}\n', `  annotations: {${KEY}: egress/vpn, ${OF}}\n`, ''],
    ['  annotations: null # c\n', `  annotations: # c\n    ${KEY}: egress/vpn\n${MARK}`, ''],
    [
      '  <<: {labels: {a: b}, annotations: {a: b}}\n  annotations:  # c\n',
      `  <<: {labels: {a: b}, annotations: {a: b}}\n  annotations:  # c\n    ${KEY}: egress/vpn\n${MARK}`,
      '  <<: {labels: {a: b}, annotations: {a: b}}\n  annotations: {}  # c\n',
    ],
    [
      '  <<: {annotations: {a: b}}\n  annotations: {}\n',
      `  <<: {annotations: {a: b}}\n  annotations: {${KEY}: egress/vpn, ${OF}}\n`,
    ],
    ['  annotations: {a: b}\n', `  annotations: {a: b, ${KEY}: egress/vpn, ${OF}}\n`],
    [
      `  annotations: {${KEY}: a}\n`,
      `  annotations: {${KEY}: "a, egress/vpn", ${OF}}\n`,
      `  annotations: {${KEY}: "a"}\n`,
    ],
    [
      `  labels: {x: &v storage}\n  annotations:\n    ${KEY}: *v\n`,
      `  labels: {x: &v storage}\n  annotations:\n    ${KEY}: storage, egress/vpn\n${MARK}`,
      `  labels: {x: &v storage}\n  annotations:\n    ${KEY}: storage\n`,
    ],
    [
      `  x: &a {${KEY}: storage}\n  annotations:\n    <<: *a\n`,
      `  x: &a {${KEY}: storage}\n  annotations:\n    <<: *a\n    ${KEY}: storage, egress/vpn\n${MARK}`,
      `  x: &a {${KEY}: storage}\n  annotations:\n    <<: *a\n    ${KEY}: storage\n`,
    ],
  ])('in metadata of %j stands in %j, and goes again', (before, after, rest = before) => {
    expect(run(pod(before))).toBe(pod(after));
    expect(run(pod(after))).toBe(pod(after));
    expect(run(pod(after), NOBODY)).toBe(pod(rest));
  });

  test('keeps what its author added after us', () => {
    const was = annotated(' "a, egress/vpn, b"', MARK);
    expect(run(was)).toBe(was);
    expect(run(was, NOBODY)).toBe(annotated(' "a, b"'));
    expect(run(annotated(' "egress/vpn, b"', MARK), NOBODY)).toBe(annotated(' "b"'));
    const remembered = pod(`  annotations: {${KEY}: "a, egress/vpn, b", ${OF}, ${BEFORE}: "networks: a"}\n`);
    expect(run(remembered, NOBODY)).toBe(pod(`  annotations: {${KEY}: "a, b"}\n`));
  });

  test('gives way when its author takes our interface', () => {
    expect(run(annotated(' a@net2, egress/vpn', MARK))).toBe(annotated(' a@net2, egress/vpn@net3', MARK));
  });

  test('is put back when somebody took our entry out', () => {
    expect(run(annotated(' a', MARK))).toBe(annotated(' a, egress/vpn', MARK));
  });

  test('names the attachment beside the pod as soon as there is one, and no longer when there is none', () => {
    const local = unguardedPlanOf(spec('p', ', namespaces: [apps], attachment: PerNamespace'));
    expect(run(annotated(' a, egress/vpn', MARK), local)).toBe(annotated(' a, vpn', MARK));
    expect(run(annotated(' a, vpn', MARK))).toBe(annotated(' a, egress/vpn', MARK));
    expect(run(annotated(' a, vpn', MARK), NOBODY)).toBe(annotated(' a'));
  });

  test('is not ours when its author names the network', () => {
    const own = annotated(' egress/vpn@uplink');
    expect(run(own)).toBe(own);
    expect(run(own, NOBODY)).toBe(own);
  });
});
