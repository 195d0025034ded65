import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HELM_RELEASE, KNOWN_WORKLOADS } from '../../fn/api/workload-kinds.ts';
import { joinClients } from '../../fn/clients/join.ts';
import { read } from '../../fn/krm/read.ts';
import type { NetworkPlan } from '../../fn/plan/network-plan.ts';
import { parse } from '../../fn/yaml/parse.ts';
import { planOf } from '../plan/network.ts';

const RELEASES = 'workloads: [{kind: HelmRelease}]';
const plan = (client: string, metadata?: { name: string; namespace: string }) =>
  planOf(`{subnets: [10.9.0.0/24], clients: [${client}]}`, metadata);
const VPN = plan(`{names: [r], ${RELEASES}}`);
const NOBODY = plan(`{names: [other], ${RELEASES}}`);

const release = (spec: string, metadata = 'namespace: apps') =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: r\n  ${metadata}\nspec:\n${spec}`;
const BARE = release('  interval: 10m # often\n');

function join(text: string, ...plans: readonly NetworkPlan[]) {
  const { edited, problems, clients } = joinClients(read(text).input, plans);
  return { text: [...edited.values()][0] ?? text, isEdited: edited.size > 0, problems, clients };
}

interface Patch {
  readonly target: { readonly group?: string; readonly kind: string };
  readonly patch: string;
}

function patchesIn(text: string): readonly Patch[] {
  const { spec } = parse(text).value as { spec: { postRenderers: readonly { kustomize: { patches: Patch[] } }[] } };
  return spec.postRenderers.at(-1)?.kustomize.patches ?? [];
}

const messages = (text: string, ...plans: readonly NetworkPlan[]) =>
  join(text, ...plans).problems.map(({ severity, message }) => `${severity}: ${message}`);

describe('the post-renderer', () => {
  test('patches all workloads of Kubernetes twice', () => {
    const targets = patchesIn(join(BARE, VPN).text).map(({ target }) => target);
    for (const { group, kind } of KNOWN_WORKLOADS.filter((one) => one.group !== 'argoproj.io')) {
      const meant = targets.filter(
        (target) =>
          new RegExp(`^(?:${target.kind})$`).test(kind) && new RegExp(`^(?:${target.group ?? '.*'})$`).test(group),
      );
      expect([kind, meant.length]).toEqual([kind, 2]);
    }
  });

  test('is the same after a second run, and gone without a trace after the last', () => {
    const joined = join(BARE, VPN);
    expect(joined.isEdited).toBe(true);
    expect(join(joined.text, VPN).isEdited).toBe(false);
    expect(join(joined.text, NOBODY).text).toBe(BARE);
  });

  test('is mended where somebody has changed or repeated it, or has put another behind it', () => {
    const { text } = join(BARE, VPN);
    const own = text.slice(text.indexOf('  - kustomize'));
    expect(join(text.replace('10.9.0.1', '10.9.0.2'), VPN).text).toBe(text);
    expect(join(text + own, VPN).text).toBe(text);
    const behind = `${text}  - kustomize: {images: []} # theirs\n`;
    const mended = join(behind, VPN).text;
    expect(mended.indexOf('# theirs')).toBeLessThan(mended.indexOf('gateway-network-guard'));
    expect(join(mended, NOBODY).text).toBe(
      release('  interval: 10m # often\n  postRenderers:\n  - kustomize: {images: []} # theirs\n'),
    );
  });

  test('of one network becomes that of another', () => {
    const scan = plan(`{names: [r], ${RELEASES}}`, { name: 'scan', namespace: 'egress' });
    expect(join(join(BARE, VPN).text, NOBODY, scan).text).toBe(join(BARE, scan).text);
  });

  test('asks for a resolver that knows the namespace of the pods', () => {
    const text = release('  targetNamespace: media\n', 'namespace: flux-system');
    const [, second] = patchesIn(join(text, plan(`{names: [r], ${RELEASES}, dns: Gateway}`)).text);
    expect(second?.patch).toContain('searches: [media.svc.cluster.local, ');
  });
});

test('foreign post-renderers stay as they are, in every layout', () => {
  const theirs = fc.constantFrom(
    '',
    '  postRenderers:\n  - kustomize: {images: []} # a\n',
    '  postRenderers:\n    # above\n    - kustomize:\n        patches:\n        - patch: |\n            kind: Pod\n        # below\n',
    '  postRenderers: [{kustomize: {patches: []}}] # flow\n',
    '  "postRenderers":\n  - {}\n  - kustomize: null\n',
  );
  const tail = fc.constantFrom('', '  values: {on: "yes"}\n', '  # end\n  values:\n    mode: 0755\n');
  fc.assert(
    fc.property(theirs, tail, fc.boolean(), fc.boolean(), (list, end, isCRLF, isCut) => {
      const text = release(`  interval: 10m\n${list}${end}`);
      const cut = isCut ? text.slice(0, -1) : text;
      const before = isCRLF ? cut.replaceAll('\n', '\r\n') : cut;
      const joined = join(before, VPN);
      expect(joined.isEdited).toBe(true);
      expect(join(joined.text, VPN).isEdited).toBe(false);
      // A literal block at the end needs a final line end, which stays.
      const left = join(joined.text, NOBODY).text;
      expect(isCut ? left.trimEnd() : left).toBe(before);
    }),
  );
});

describe('a HelmRelease is selected', () => {
  test.each([
    ['by its name', `{names: [r], ${RELEASES}}`],
    ['by its own labels', `{selector: {matchLabels: {egress: vpn}}, ${RELEASES}}`],
    ['by the namespace of its pods', `{namespaces: [media], ${RELEASES}}`],
    [
      'with the group of its API',
      '{names: [r], workloads: [{apiVersion: helm.toolkit.fluxcd.io/v2beta2, kind: HelmRelease}]}',
    ],
  ])('%s', (_, client) => {
    const text = release('  targetNamespace: media\n', 'namespace: flux-system\n  labels: {egress: vpn}');
    const { isEdited, clients } = join(text, plan(client));
    expect(isEdited).toBe(true);
    expect([...clients.values()]).toEqual([1]);
  });

  test('by the labels of the namespace of its pods', () => {
    const text = release('  targetNamespace: media\n', 'namespace: flux-system');
    const client = plan(`{namespaceSelector: {matchLabels: {egress: vpn}}, ${RELEASES}}`);
    const namespace = (name: string, egress: string) =>
      `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {egress: ${egress}}}\n`;
    expect(join(text + namespace('media', 'vpn'), client).isEdited).toBe(true);
    expect(join(text + namespace('media', 'direct') + namespace('flux-system', 'vpn'), client).isEdited).toBe(false);
    expect(messages(text, client)).toContainEqual(
      expect.stringContaining('in namespace "media", whose labels are not known'),
    );
  });

  test('only by an entry that lists the kind; others say that they may mean it', () => {
    const meant = 'warning: `spec.clients[0]` of GatewayNetwork "egress/vpn" may mean the pods of its chart';
    const values = release('  values:\n    worker: [{podLabels: {egress: vpn}}]\n');
    const label = '{selector: {matchLabels: {egress: vpn}}}';
    for (const [client, text] of [
      ['{names: [r]}', BARE],
      ['{namespaces: [apps]}', BARE],
      [label, release('  interval: 10m\n', 'labels: {egress: vpn}')],
      [label, values],
    ] as const) {
      expect(join(text, plan(client)).isEdited).toBe(false);
      expect(messages(text, plan(client))).toContainEqual(expect.stringContaining(meant));
    }
    for (const client of [
      label,
      '{selector: {matchExpressions: [{key: egress, operator: DoesNotExist}]}}',
      '{names: [x]}',
    ])
      expect(messages(BARE, plan(client))).toEqual([]);
    expect(messages(values, plan(`${label}, {names: [r], ${RELEASES}}`)).join('\n')).not.toContain('may mean');
  });
});

describe('a HelmRelease is refused', () => {
  test.each([
    ['by two networks', BARE, 'both select it', `{names: [r], ${RELEASES}}`],
    [
      'for fixed addresses',
      BARE,
      '`kind` must be Pod, Deployment',
      `{names: [r], ${RELEASES}, addresses: [10.9.0.99]}`,
    ],
    [
      'for a resolver, without a namespace',
      release('  interval: 10m\n', 'labels: {}'),
      '`metadata.namespace` must be set',
      `{names: [r], ${RELEASES}, dns: Gateway}`,
    ],
    [
      'with post-renderers that are no list',
      release('  postRenderers: {}\n'),
      'is not a list',
      `{names: [r], ${RELEASES}}`,
    ],
    ['if it cannot be read', release('  interval: [\n'), 'cannot be read', `{names: [r], ${RELEASES}}`],
  ])('%s', (title, text, message, client) => {
    const second = plan(`{names: [r], ${RELEASES}}`, { name: 'scan', namespace: 'egress' });
    const plans = title === 'by two networks' ? [plan(client), second] : [plan(client)];
    expect(join(text, ...plans).isEdited).toBe(false);
    expect(messages(text, ...plans)).toContainEqual(expect.stringMatching(/^error: /));
    expect(messages(text, ...plans).join('\n')).toContain(message);
  });
});

test('another that cannot be read, and that nobody lists, is left alone', () => {
  expect(messages(release('  interval: [\n'), plan('{names: [p]}'))).toEqual([]);
});

test('one that keeps the post-renderer of a network outside of the input is counted', () => {
  const scan = plan('{names: [p]}', { name: 'scan', namespace: 'egress' });
  const { text } = join(BARE, VPN);
  expect(join(text, scan).isEdited).toBe(false);
  expect(messages(text, scan)).toEqual([expect.stringContaining('GatewayNetwork "egress/vpn" is not in the input')]);
});

test('the kind is that of Flux', () => {
  expect(HELM_RELEASE).toEqual({ group: 'helm.toolkit.fluxcd.io', kind: 'HelmRelease', path: [] });
});
