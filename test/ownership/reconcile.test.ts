import { describe, expect, test } from 'vitest';
import type { KubernetesObject, Owner } from '../../fn/krm/input.ts';
import { read } from '../../fn/krm/read.ts';
import { reconcile } from '../../fn/ownership/reconcile.ts';
import { write } from '../../fn/krm/write.ts';
import { configMap, configMapText, networkText, resourceList, VPN, wants } from '../krm/network.ts';

const LAN: Owner = { name: 'lan', namespace: 'egress' };
const HIDDEN = ['config.kubernetes.io/local-config: "true"'];
const HOME = networkText(VPN, HIDDEN);
const FOREIGN = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine, namespace: egress}\ndata: {mode: 0755}\n';

/** What becomes of a ResourceList in which one network wants these objects. */
function run(texts: readonly string[], objects: readonly KubernetesObject[]) {
  const { input } = read(resourceList(...texts));
  const result = reconcile(input, [wants(input, VPN, objects)]);
  return { ...result, text: write(input, result.changes, []), count: result.counts.get('egress/vpn') };
}

describe('what a network wants', () => {
  test('is added where it is missing, in the order given', () => {
    const { changes, count } = run([HOME, FOREIGN], [configMap(VPN, 'b'), configMap(VPN, 'a')]);
    expect(changes).toEqual({ edited: new Map(), added: [configMap(VPN, 'b'), configMap(VPN, 'a')] });
    expect(count).toEqual({ added: 2, updated: 0, unchanged: 0, removed: 0 });
  });

  test('stays as it is where it is right', () => {
    const { changes, count } = run([HOME, configMapText(VPN, 'a')], [configMap(VPN, 'a')]);
    expect(changes).toEqual({ edited: new Map(), added: [] });
    expect(count).toEqual({ added: 0, updated: 0, unchanged: 1, removed: 0 });
  });

  test('is written anew in its place where it is not, and comments that are lost are told', () => {
    const commented = configMapText(VPN, 'a', 'old');
    const { text, count, problems } = run([HOME, commented, FOREIGN], [configMap(VPN, 'a', 'new')]);
    expect(commented).toContain(' # why');
    expect(text).toBe(resourceList(HOME, configMapText(VPN, 'a', 'new').replace(' # why', ''), FOREIGN));
    expect(problems).toEqual([
      expect.objectContaining({ severity: 'warning', message: expect.stringContaining('comments') }),
    ]);
    expect(count).toEqual({ added: 0, updated: 1, unchanged: 0, removed: 0 });
  });

  test('is changed in place across versions of its API', () => {
    const { text } = run(
      [
        HOME,
        'apiVersion: apps/v1beta1\nkind: DaemonSet\nmetadata: {name: a, namespace: egress, labels: {gatewaynetwork.dev/network: vpn}}\n',
      ],
      [{ ...configMap(VPN, 'a'), apiVersion: 'apps/v1', kind: 'DaemonSet' }],
    );
    expect(text).toContain('- apiVersion: apps/v1\n  kind: DaemonSet\n');
  });
});

describe('what a network no longer wants', () => {
  test('is removed', () => {
    const { text, count } = run([HOME, configMapText(VPN, 'a'), FOREIGN], []);
    expect(text).toBe(resourceList(HOME, FOREIGN));
    expect(count).toEqual({ added: 0, updated: 0, unchanged: 0, removed: 1 });
  });

  test.each([
    ['in another namespace', configMapText({ ...VPN, namespace: 'other' }, 'a')],
    ['of another network', configMapText(LAN, 'a')],
  ])('stays with a warning when it is %s', (_, text) => {
    const result = run([HOME, text, text.replace('name: a', 'name: b')], []);
    expect(result.changes.edited).toEqual(new Map());
    expect(result.problems).toEqual([
      expect.objectContaining({
        code: 'Orphan',
        severity: 'warning',
        ref: expect.objectContaining({ kind: 'GatewayNetwork' }),
      }),
    ]);
    expect(result.problems[0]?.message).toBe(
      'the network is not in the input, so 2 objects of it are left unchanged: delete the objects if the network was deleted',
    );
  });

  test.each([
    [
      'label is in a selector only',
      'kind: Service\napiVersion: v1\nmetadata: {name: a, namespace: egress}\nspec: {selector: {gatewaynetwork.dev/network: vpn}}\n',
    ],
    [
      'label is in a comment only',
      '# gatewaynetwork.dev/network: vpn\nkind: Service\napiVersion: v1\nmetadata: {name: a, namespace: egress}\n',
    ],
    ['kind is GatewayNetwork', networkText(LAN).replace('spec:', '  labels: {gatewaynetwork.dev/network: vpn}\nspec:')],
  ])('is not what %s', (_, text) => {
    expect(run([HOME, text], [])).toMatchObject({ changes: { edited: new Map() }, problems: [] });
  });
});

test('an object of the cluster names the namespace of its network', () => {
  const link = {
    apiVersion: 'x.dev/v1',
    kind: 'Link',
    metadata: { name: 'l', labels: { 'gatewaynetwork.dev/network': 'vpn' } },
  };
  const marked = {
    ...link,
    metadata: { ...link.metadata, annotations: { 'gatewaynetwork.dev/network-namespace': 'egress' } },
  };
  expect(run([HOME, JSON.stringify(marked)], []).count?.removed).toBe(1);
  expect(run([HOME, JSON.stringify(marked)], [marked]).count?.unchanged).toBe(1);
  expect(run([HOME, JSON.stringify(link)], []).count?.removed).toBe(0);
});

describe('it is an error', () => {
  test('to want an object of somebody else', () => {
    const { problems, changes } = run(
      [HOME, FOREIGN.replace('namespace: egress', '$&, annotations: {config.kubernetes.io/path: a/b.yaml}')],
      [configMap(VPN, 'mine')],
    );
    expect(problems).toEqual([
      {
        code: 'NotOurs',
        severity: 'error',
        message:
          'GatewayNetwork "egress/vpn" renders it, but the existing object belongs to no GatewayNetwork: rename the network, ' +
          'remove the object, or hand it over with the label `gatewaynetwork.dev/network: vpn`',
        ref: { apiVersion: 'v1', kind: 'ConfigMap', name: 'mine', namespace: 'egress' },
        file: { path: 'a/b.yaml', index: 0 },
        field: { path: 'metadata.labels["gatewaynetwork.dev/network"]', proposedValue: 'vpn' },
      },
    ]);
    expect(changes.edited).toEqual(new Map());
  });

  test('to want an object of another network', () => {
    const { problems } = run([HOME, configMapText(LAN, 'a')], [configMap(VPN, 'a')]);
    expect(problems.map(({ code }) => code)).toEqual(['NotOurs', 'Orphan']);
    expect(problems[0]?.message).toContain('belongs to GatewayNetwork "egress/lan"');
  });

  test('to want what another network of the run wants', () => {
    const { input } = read(resourceList(HOME, networkText(LAN, HIDDEN)));
    const { problems } = reconcile(input, [
      wants(input, VPN, [configMap(VPN, 'a')]),
      wants(input, LAN, [configMap(LAN, 'a')]),
    ]);
    expect(problems).toEqual([expect.objectContaining({ code: 'Collision', severity: 'error' })]);
  });

  test('that an object of ours cannot be read', () => {
    const { problems } = run([HOME, configMapText(VPN, 'a').replace('key: a', 'key: [a')], [configMap(VPN, 'a')]);
    expect(problems).toEqual([expect.objectContaining({ code: 'UnreadableInput', severity: 'error' })]);
  });
});

test("a foreign object that is broken or escapes its letters is nobody's business", () => {
  const broken = 'kind: Secret\napiVersion: v1\nmetadata:\n  name: "\\x61"\ndata: {a: *nothing}\n';
  const { problems, text } = run([HOME, broken], []);
  expect(problems).toEqual([]);
  expect(text).toBe(resourceList(HOME, broken));
});
