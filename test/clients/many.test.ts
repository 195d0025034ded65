import { expect, test } from 'vitest';
import { parse } from '../../fn/yaml/parse.ts';
import { expand } from '../../fn/index.ts';

const NETWORKS = 'k8s.v1.cni.cncf.io/networks';

/** Every kind that is known, and one that the network names; where the pod stands in each. */
const KINDS: readonly (readonly [apiVersion: string, kind: string, path: string])[] = [
  ['v1', 'Pod', ''],
  ['apps/v1', 'Deployment', 'spec.template'],
  ['apps/v1', 'StatefulSet', 'spec.template'],
  ['apps/v1', 'DaemonSet', 'spec.template'],
  ['apps/v1', 'ReplicaSet', 'spec.template'],
  ['v1', 'ReplicationController', 'spec.template'],
  ['batch/v1', 'Job', 'spec.template'],
  ['batch/v1', 'CronJob', 'spec.jobTemplate.spec.template'],
  ['argoproj.io/v1alpha1', 'Rollout', 'spec.template'],
  ['acme.example/v1', 'Fleet', 'spec.ship.crew'],
];

/**
 * What the annotation may say, in each form that Multus reads; undefined for none, and null for one
 * without a value.
 */
const ANNOTATIONS: readonly (string | null | undefined)[] = [
  undefined,
  null,
  '',
  'storage',
  'storage@eth7',
  'a, other/storage@net2',
  'a,b\n,c',
  '[{"name": "storage", "ips": ["10.0.0.1/24"]}]',
  '[\n  {"name": "storage", "interface": "net2"},\n  {"name": "b"}\n]\n',
];

/** How a file is written: as YAML in block style, with its strings spelled so, or in flow style; or as JSON. */
const STYLES = ['plain', 'single', 'double', 'literal', 'flow', 'JSON', 'compact JSON'] as const;
type Style = (typeof STYLES)[number];

/** What the network wants of a workload, by its label. */
const OPTIONS = ['none', 'dns', 'inbound', 'both'] as const;

interface Workload {
  readonly text: string;
  readonly option: string;
  /** Whether its annotation says something, and in a spelling that stays: on one line, or as a literal block. */
  readonly isKept: boolean;
}

function spelled(value: string, style: Style, indent: string): string {
  if (style === 'single') return `'${value.replaceAll("'", "''").replaceAll('\n', `\n\n${indent}`)}'`;
  if (style === 'literal') return `|-\n${value.trimEnd().replaceAll(/^/gm, indent)}`;
  return style === 'plain' && /^[\w@/, ]+$/.test(value) ? value : JSON.stringify(value);
}

type Fields = Readonly<Record<string, unknown>>;

function block(object: Fields, style: Style, indent = ''): string {
  return Object.entries(object)
    .map(([key, value], index) => {
      const comment = index % 2 === 0 ? ` # ${key}` : '';
      const inner = `${indent}  `;
      if (key === NETWORKS && typeof value === 'string') {
        return `${indent}${key}: ${value === '' ? '""' : spelled(value, style, inner)}\n`;
      }
      if (Array.isArray(value)) {
        return `${indent}${key}:${comment}\n${value.map((one) => `${inner}- ${flow(one)}\n`).join('')}`;
      }
      if (typeof value === 'object' && value !== null) {
        return `${indent}${key}:${comment}\n${block(value as Fields, style, inner)}`;
      }
      return `${indent}${key}:   ${JSON.stringify(value)}${comment}\n`;
    })
    .join('');
}

function flow(value: unknown): string {
  return JSON.stringify(value).replaceAll(/"(\w+)":/g, '$1: ');
}

function written(object: Fields, style: Style): string {
  if (style === 'JSON') return `${JSON.stringify(object, undefined, 2)}\n`;
  if (style === 'compact JSON') return `${JSON.stringify(object)}\n`;
  if (style !== 'flow') return block(object, style);
  return Object.entries(object)
    .map(([key, value]) => `${key}: ${flow(value)} # ${key}\n`)
    .join('');
}

function keepsItsSpelling(annotation: string | null | undefined, style: Style): boolean {
  if (annotation === undefined) return true;
  return annotation !== null && annotation !== '' && annotation.includes('\n') === (style === 'literal');
}

function workload(number: number): Workload {
  const [apiVersion, kind, path] = KINDS[number % KINDS.length] as (typeof KINDS)[number];
  const annotation = ANNOTATIONS[Math.floor(number / KINDS.length) % ANNOTATIONS.length];
  const style = STYLES[Math.floor(number / KINDS.length / ANNOTATIONS.length) % STYLES.length] as Style;
  const option = OPTIONS[(number + Math.floor(number / KINDS.length)) % OPTIONS.length] as string;
  const annotations = annotation === undefined ? {} : { annotations: { note: 'yes', [NETWORKS]: annotation } };
  const labels = { app: 'x', option };
  const lists = number % 3 === 0 ? { initContainers: [{ name: 'i' }], volumes: [{ name: 'v', emptyDir: {} }] } : {};
  const spec = { containers: [{ name: 'c', args: ['0755', 'on'] }], ...lists, restartPolicy: 'Always' };
  const metadata = { name: `w-${number}`, namespace: 'apps' };
  const pod = { metadata: { ...(path === '' ? metadata : {}), labels, ...annotations }, spec };
  const inside = path.split('.').reduceRight<object>((value, key) => (key === '' ? value : { [key]: value }), pod);
  const object = { apiVersion, kind, ...(path === '' ? {} : { metadata }), ...inside };
  return {
    text: written(object, style),
    option,
    isKept: keepsItsSpelling(annotation, style),
  };
}

const COUNT = KINDS.length * ANNOTATIONS.length * STYLES.length;
const WORKLOADS = Array.from({ length: COUNT }, (_, number) => workload(number));
const STREAM = WORKLOADS.map(({ text }) => text).join('---\n');

const network = (clients: string) => `---
apiVersion: gatewaynetwork.dev/v1alpha1
kind: GatewayNetwork
metadata: {name: vpn, namespace: egress}
spec: {subnets: [10.9.0.0/24], clients: [${clients}]}
`;
const fleet = 'workloads: [{apiVersion: acme.example/v1, kind: Fleet, templatePath: spec.ship.crew}]';
const ALL = network(
  [
    'names: [nobody]',
    ...['', `, ${fleet}`].flatMap((kinds) => [
      `selector: {matchLabels: {app: x}}${kinds}`,
      `selector: {matchExpressions: [{key: option, operator: In, values: [dns, both]}]}, dns: Gateway${kinds}`,
      `selector: {matchExpressions: [{key: option, operator: In, values: [inbound, both]}]}, namespaces: [apps], preserveInbound: Enabled${kinds}`,
    ]),
  ]
    .map((entry) => `{${entry}}`)
    .join(', '),
);
const NONE = network('{names: [nobody]}');

/** The documents of workloads at the start of what comes out. */
const workloadsOf = (text: string) => text.split(/^---\n/m).slice(0, COUNT);

/** Whether a text is what is left of another when parts of that are taken out. */
function isWithin(part: string, whole: string): boolean {
  let at = -1;
  return [...part].every((char) => (at = whole.indexOf(char, at + 1)) >= 0);
}

interface Pod {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, unknown>> };
  readonly spec: Readonly<Record<string, unknown>>;
}

function podIn(text: string, number: number): Pod {
  const path = KINDS[number % KINDS.length]?.[2].split('.').filter(Boolean) ?? [];
  return path.reduce((value, key) => (value as Fields)[key], parse(text).value) as Pod;
}

/** What a text says, annotations that say nothing left out. */
function withoutEmpty(text: string): unknown {
  return JSON.parse(
    JSON.stringify(parse(text).value, (key, value: unknown) => (key === NETWORKS ? value || undefined : value)),
  );
}

test(`${COUNT} workloads in every form of file and annotation join, stay, and leave with what is their own`, () => {
  expect(COUNT).toBeGreaterThanOrEqual(300);
  const { text: joined, problems } = expand(STREAM + ALL);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(problems.find(({ code }) => code === 'Rendered')?.message).toContain(`${COUNT} clients`);
  const after = workloadsOf(joined);
  for (const [number, { text, option, isKept }] of WORKLOADS.entries()) {
    const changed = after[number] ?? '';
    const { metadata, spec } = podIn(changed, number);
    expect(metadata?.annotations?.[NETWORKS], text).toMatch(/vpn/);
    expect([text, spec['dnsPolicy']]).toEqual([text, ['dns', 'both'].includes(option) ? 'None' : undefined]);
    const names = ((spec['initContainers'] ?? []) as { name: string }[]).map(({ name }) => name);
    const added = names.at(-1);
    expect([text, names[0]]).toEqual([text, 'gateway-network-guard']);
    expect([text, added === 'gateway-network-inbound']).toEqual([text, ['inbound', 'both'].includes(option)]);
    if (isKept) expect([changed, isWithin(text, changed)]).toEqual([changed, true]);
  }

  expect(expand(joined + ALL).text).toBe(joined);
  for (const [number, left] of workloadsOf(expand(joined + NONE).text).entries()) {
    const { text, isKept } = WORKLOADS[number] as Workload;
    if (isKept) expect(left).toBe(text);
    else expect([left, withoutEmpty(left)]).toEqual([left, withoutEmpty(text)]);
  }
}, 300_000);
