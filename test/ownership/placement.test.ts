import { describe, expect, test } from 'vitest';
import type { KubernetesObject, Owner } from '../../fn/krm/input.ts';
import { read } from '../../fn/krm/read.ts';
import { reconcile } from '../../fn/ownership/reconcile.ts';
import { write } from '../../fn/krm/write.ts';
import { configMap, configMapText, networkText, resourceList, VPN, wants } from '../krm/network.ts';

const PATH = 'internal.config.kubernetes.io/path';
const INDEX = 'internal.config.kubernetes.io/index';

/** The path and the index of each object that networks at these paths add. */
function places(
  homes: readonly [Owner, string][],
  objects: readonly KubernetesObject[],
  others: readonly string[] = [],
) {
  const { input } = read(
    resourceList(...homes.map(([owner, path]) => networkText(owner, [`${PATH}: ${path}`])), ...others),
  );
  const { changes } = reconcile(
    input,
    homes.map(([owner]) =>
      wants(
        input,
        owner,
        objects.map(({ kind = '', metadata }) => ({ ...configMap(owner, metadata?.name ?? ''), kind })),
      ),
    ),
  );
  return changes.added.map(({ metadata }) => [metadata?.annotations?.[PATH], metadata?.annotations?.[INDEX]]);
}

describe('a new object lives', () => {
  test('in a folder beside its network', () => {
    expect(places([[VPN, 'nets/gateway.yaml']], [configMap(VPN, 'vpn-router')])).toEqual([
      ['nets/vpn/configmap_vpn-router.yaml', undefined],
    ]);
    expect(places([[VPN, 'gateway.yaml']], [configMap(VPN, 'a')])).toEqual([['vpn/configmap_a.yaml', undefined]]);
  });

  test.each(['../a.yaml', '/a.yaml', './../x/../a.yaml'])(
    'inside the package, although its network says %s',
    (path) => {
      const [[place] = []] = places([[VPN, path]], [configMap(VPN, 'a')]);
      expect(place).toMatch(/^(x\/)?vpn\/configmap_a\.yaml$/);
    },
  );

  test('in a file whose name suits every file system', () => {
    expect(places([[VPN, 'a.yaml']], [configMap(VPN, 'system:a/b')])).toEqual([
      ['vpn/configmap_system-a-b.yaml', undefined],
    ]);
  });

  test('apart from those of a network of the same name', () => {
    const other = { ...VPN, namespace: 'other' };
    expect(
      places(
        [
          [VPN, 'a.yaml'],
          [other, 'b.yaml'],
        ],
        [configMap(VPN, 'a')],
      ),
    ).toEqual([
      ['vpn.egress/configmap_a.yaml', undefined],
      ['vpn.other/configmap_a.yaml', undefined],
    ]);
  });

  test('behind what lives in its file already', () => {
    const other = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  annotations:\n    ${PATH}: vpn/configmap_a.yaml\n    ${INDEX}: '1'\n`;
    expect(places([[VPN, 'a.yaml']], [configMap(VPN, 'a'), configMap(VPN, 'b')], [other])).toEqual([
      ['vpn/configmap_a.yaml', '2'],
      ['vpn/configmap_b.yaml', undefined],
    ]);
  });
});

describe('the second run changes nothing', () => {
  const objects = [
    configMap(VPN, 'a'),
    { ...configMap(VPN, 'b', '0755'), spec: { list: [{ name: 'x', args: ['on', 'a\nb\n'] }] } },
  ];
  const foreign = 'kind: Pod\napiVersion: v1\nmetadata: {name: p}\nspec: {a: 0755}\n';
  const home = networkText(VPN);

  test.each([
    ['kustomize', resourceList(home, foreign)],
    ['kpt', resourceList(networkText(VPN, [`${PATH}: nets/a.yaml`, `${INDEX}: '0'`]), foreign)],
    ['documents', `${home}---\n${foreign}`],
    ['a document without a line end', `${foreign}---\n${home}`.trimEnd()],
    ['CRLF', `${home}---\n${foreign}`.replaceAll('\n', '\r\n')],
    ['a list', `apiVersion: v1\nkind: List\nitems:\n  - ${home.trimEnd().replaceAll('\n', '\n    ')}\n`],
    [
      'JSON',
      '{"kind":"ResourceList","apiVersion":"config.kubernetes.io/v1","items":[{"apiVersion":"gatewaynetwork.dev/v1alpha1","kind":"GatewayNetwork","metadata":{"name":"vpn","namespace":"egress"}}]}',
    ],
    ['what is out of date', resourceList(home, configMapText(VPN, 'a', 'old'), configMapText(VPN, 'gone'), foreign)],
  ])('of %s', (_, source) => {
    const runOnce = (text: string) => {
      const { input } = read(text);
      const result = reconcile(input, [wants(input, VPN, objects)]);
      return { ...result, text: write(input, result.changes, []) };
    };
    const first = runOnce(source);
    const second = runOnce(first.text);
    expect(first.text).not.toBe(source);
    expect(second.problems).toEqual([]);
    expect(second.counts.get('egress/vpn')).toEqual({ added: 0, updated: 0, unchanged: 2, removed: 0 });
    expect(second.text).toBe(first.text);
  });
});

describe('a GatewayNetwork', () => {
  const text = (annotations: readonly string[], document = false) => {
    const home = networkText(VPN, annotations);
    const { input } = read(document ? home : resourceList(home));
    return write(input, reconcile(input, [wants(input, VPN, [])]).changes, []);
  };

  test('is kept out of what kustomize builds', () => {
    expect(text([])).toBe(resourceList(networkText(VPN, ['config.kubernetes.io/local-config: "true"'])));
  });

  test.each([
    ['is left to its author where it lives in a file', [`${PATH}: a.yaml`]],
    ['is left as it says', ['config.kubernetes.io/local-config: "false"']],
  ])('%s', (_, annotations) => {
    expect(text(annotations)).toBe(resourceList(networkText(VPN, annotations)));
  });

  test('is left as it is among documents', () => {
    expect(text([], true)).toBe(networkText(VPN));
  });
});
