import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinClients } from '../../fn/clients/join.ts';
import { read } from '../../fn/krm/read.ts';
import { parse } from '../../fn/yaml/parse.ts';
import type { NetworkPlan } from '../../fn/plan/network-plan.ts';
import { planOf } from '../plan/network.ts';
import { blockMetadata, json, NETWORKS, short, some } from './annotation-forms.ts';

const OURS = 'gateway-network-inbound';
const GUARD = 'gateway-network-guard';
/** A network that reports of failures call by its entries. */
const plan = (clients: string): NetworkPlan & { [fc.toStringMethod]: () => string } =>
  Object.assign(planOf(`{subnets: [10.9.0.0/24], clients: [${clients}]}`), { [fc.toStringMethod]: () => clients });
const NOBODY = plan('{names: [x]}');
/** Every set of options, and what may change beside them. */
const WISHES: readonly NetworkPlan[] = [
  '{names: [w]}',
  '{names: [w], dns: Gateway}',
  '{names: [w], guard: Disabled}',
  '{namespaces: [apps], preserveInbound: Enabled}',
  '{names: [w], dns: Gateway}, {namespaces: [apps], preserveInbound: Enabled}',
  '{names: [w], addresses: [10.9.0.77]}',
  '{names: [w], addresses: [10.9.0.78], dns: Gateway}, {namespaces: [apps], preserveInbound: Enabled, attachment: PerNamespace}',
].map(plan);

const indent = (lines: readonly string[], by: number) => lines.map((line) => line && ' '.repeat(by) + line);

/** A list of a pod's `spec` in a block map, its lines from the first column on; none where it is missing. */
const list = (key: string, element: string): fc.Arbitrary<readonly string[]> =>
  some<readonly string[]>(
    [],
    [`${key}: []`],
    [`${key}: [ ]  # none`],
    [`${key}:`],
    [`${key}: null # none`],
    [`${key}: ~`],
    [`${key}:`, `- name: a`, `  ${element}`],
    [`${key}: # some`, `  - name: a # a`, `    ${element}`, '    # behind', '', '  - {name: b}', '# outside'],
    [`${key}: [{name: a, ${element}}, {name: 'b'}]`],
    [`${key}: [`, `  {name: a}, # a`, `  {name: b},`, ']'],
    [`"${key}":`, `-   name: a`, `    text: |+`, `      x`, '', ''],
    [`${key}:`, `-`, `  name: a`, `  text: >-`, '    x', '    y'],
  );

/** Defaults that a pod's author spelled out. */
const names = some<readonly string[]>(
  [],
  ['dnsPolicy: ClusterFirst'],
  ['dnsPolicy: "ClusterFirst" # the default'],
  ["dnsPolicy: 'ClusterFirstWithHostNet'", 'dnsConfig: {}'],
  ['dnsConfig: { } # none', 'dnsPolicy:   ClusterFirst'],
  ['dnsPolicy:', 'dnsConfig: null'],
  ['dnsPolicy: ~ # none', 'dnsConfig:', '', '# behind'],
  ['"dnsPolicy": ""', "'dnsConfig': !!map {}"],
  ['dnsPolicy: >-', '  ClusterFirst', '', 'subdomain: x'],
);

const blockSpec = (column: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      list('initContainers', 'image: "1.0"'),
      list('volumes', 'emptyDir: {}'),
      some(
        'containers: [{name: c}]',
        'containers:\n- name: c\n  args: ["yes", 0755]',
        'containers:\n  - name: c\n  # c',
      ),
      some([], ['', '# last'], ['  # deeper'], ['note: |', '  text', ''], ['restartPolicy: Never # r']),
      fc.boolean(),
      names,
    )
    .map(([init, volumes, containers, last, swapped, dns]) => {
      const lists = swapped ? [...volumes, ...dns, ...init] : [...init, ...volumes, ...dns];
      const lines = swapped ? [...lists, ...containers.split('\n')] : [...containers.split('\n'), ...lists];
      return `${' '.repeat(column)}spec: # s\n${indent([...lines, ...last], column + 2).join('\n')}\n`;
    });

const flowSpec = (column: number): fc.Arbitrary<string> =>
  some(
    'spec: {containers: [{name: c}]}',
    'spec: { containers: [ {name: c} ], volumes: [], initContainers: [ {name: a}, ] } # s',
    "spec: {volumes: [{name: 'v'}], initContainers: null}",
    'spec: {dnsPolicy: ClusterFirst, containers: [{name: c}], dnsConfig: {}, volumes: []}',
    'spec: { dnsConfig: null, "dnsPolicy": "ClusterFirst" }',
    'spec: {dnsPolicy: , dnsConfig:  , containers: [{name: c}], volumes: }',
    'spec: {"containers":[{"name":"c"}],"initContainers":}',
    'spec: {containers: [{name: c}], note: # c\n    }',
    'spec: {"dnsPolicy":"ClusterFirst","containers":[{"name":"c"}]}',
    'spec: {\n      containers: [{name: c}], # c\n      volumes: [\n        {name: v}\n      ]\n    }',
    'spec: {"containers":[{"name":"c"}],"volumes":[{"name":"v","emptyDir":{}}]}',
  ).map((text) => `${' '.repeat(column)}${text}\n`);

const HEAD =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: w, namespace: apps}\nspec:\n  replicas: 0x1\n  template:\n';

const inBlock = fc
  .tuple(
    blockMetadata(4),
    fc.oneof({ weight: 3, arbitrary: blockSpec(4) }, flowSpec(4)),
    fc.boolean(),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([metadata, spec, isSpecLast, isCRLF, isCut]) => {
    const lines = metadata === '' ? '' : `${metadata}\n`;
    const text = HEAD + (isSpecLast ? lines + spec : spec + lines);
    const cut = isCut ? text.replace(/\n+$/, '') : text;
    return isCRLF ? cut.replaceAll('\n', '\r\n') : cut;
  });

const inJson = fc
  .tuple(
    some(undefined, null, {}, { annotations: {} }, { labels: { a: 'b' } }),
    fc.option(fc.oneof(short, json)),
    some(undefined, [], null, [{ name: 'a' }], [{ name: 'a' }, { name: 'b', x: [] }]),
    some(undefined, [], [{ name: 'v' }]),
    some<string | number | undefined>(undefined, 2, 4, '\t'),
  )
  .map(([bare, networks, initContainers, volumes, space]) => {
    const metadata = networks === null ? bare : { annotations: { [NETWORKS]: networks } };
    const spec = { containers: [{ name: 'c', command: ['a', 'b'] }], initContainers, volumes };
    const value = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'w', namespace: 'apps' },
      spec: { replicas: 1, template: { metadata, spec } },
    };
    return JSON.stringify(value, undefined, space);
  });

function run(text: string, network: NetworkPlan): string {
  const { edited, problems } = joinClients(read(text).input, [network]);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return [...edited.values()][0] ?? text;
}

interface PodSpec {
  readonly [field: string]: unknown;
  readonly initContainers?: readonly { readonly name: string }[] | null;
  readonly volumes?: readonly { readonly name: string }[] | null;
}

const specOf = (text: string) => (parse(text).value as { spec: { template: { spec: PodSpec } } }).spec.template.spec;

/** The `spec` of the pods without what options set; an empty list is none. */
function foreign(text: string): unknown {
  const { dnsPolicy: _, dnsConfig: __, initContainers, volumes, ...rest } = specOf(text);
  const others = (elements: PodSpec['volumes']) => (elements ?? []).filter(({ name }) => ![OURS, GUARD].includes(name));
  return { ...rest, initContainers: others(initContainers), volumes: others(volumes) };
}

test('options come, change and go, and all that is not theirs stays', () => {
  let runs = 0;
  fc.assert(
    fc.property(
      fc.oneof({ weight: 4, arbitrary: inBlock }, { weight: 1, arbitrary: inJson }),
      fc.array(some(...WISHES), { minLength: 1, maxLength: 3 }),
      (text, networks) => {
        fc.pre(!text.endsWith('|-') && parse(text).failure === undefined);
        runs += 1;
        let current = text;
        for (const network of networks) {
          current = run(current, network);
          expect(run(current, network)).toBe(current);
          expect(foreign(current)).toEqual(foreign(text));
          const wantsDns = network.clients.some(({ dns }) => dns === 'Gateway');
          const wantsInbound = network.clients.some(({ preservesInbound }) => preservesInbound);
          const { dnsPolicy, initContainers, volumes } = specOf(current);
          // A default that was spelled out may go.
          if (wantsDns) expect(dnsPolicy).toBe('None');
          else expect([undefined, specOf(text).dnsPolicy]).toContain(dnsPolicy);
          const wantsGuard = network.clients.some(({ guarded }) => guarded);
          expect(initContainers?.[0]?.name === GUARD).toBe(wantsGuard);
          for (const elements of [initContainers, volumes]) {
            expect((elements ?? []).filter(({ name }) => name === GUARD)).toHaveLength(wantsGuard ? 1 : 0);
            expect((elements ?? []).filter(({ name }) => name === OURS)).toHaveLength(wantsInbound ? 1 : 0);
          }
        }
        const left = run(current, NOBODY);
        expect([left.includes('gateway'), foreign(left)]).toEqual([false, foreign(text)]);
        expect(run(left, NOBODY)).toBe(left);
      },
    ),
    { numRuns: 400 },
  );
  expect(runs).toBeGreaterThan(300);
}, 180_000);
