import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { KNOWN_WORKLOADS } from '../../fn/api/workload-kinds.ts';
import type { KubernetesObject } from '../../fn/krm/input.ts';
import { describeWith } from '../engines/describe-tools.ts';
import { tool } from '../engines/tool.ts';
import { RENDERED } from './specs.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Pod {
  readonly name: string;
  readonly namespace: string;
  readonly metadata: { readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly spec: Fields;
}

const EXAMPLES = join(import.meta.dirname, '../../examples');
const COMPONENT = 'app.kubernetes.io/component';
const NETWORK = 'gatewaynetwork.dev/network';

/** Everything that an example is rendered to; other tests hold these files against the programs. */
function rendered(example: string): readonly KubernetesObject[] {
  const folder = join(EXAMPLES, example, '.expected');
  return readdirSync(folder)
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8').replaceAll(/^==> .*$/gm, '---');
      return parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject | null);
    })
    .filter((object) => object !== null);
}

/** The pods of objects whose kind is known, and of those that an example annotates. */
function podsOf(objects: readonly KubernetesObject[]): readonly Pod[] {
  return objects.flatMap((object) => {
    const known = KNOWN_WORKLOADS.filter(({ kind }) => kind === object.kind).map(({ path }) => path);
    const paths = known.length > 0 ? known : annotatedPaths(object as Fields, []);
    return paths.flatMap((path) => {
      const template = path.reduce<unknown>((value, key) => (value as Fields | undefined)?.[key], object) as Pod;
      if (template?.spec === undefined) return [];
      const name = `${object.kind} ${object.metadata?.name}`;
      return [
        { name, namespace: object.metadata?.namespace ?? '', metadata: template.metadata ?? {}, spec: template.spec },
      ];
    });
  });
}

function annotatedPaths(value: Fields, path: readonly string[]): readonly (readonly string[])[] {
  if (isClient(value as unknown as Pod)) return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? annotatedPaths(inner as Fields, [...path, key])
      : [],
  );
}

const isClient = ({ metadata }: Pod) => metadata?.annotations?.['gatewaynetwork.dev/client-of'] !== undefined;
const answersInbound = ({ metadata }: Pod) =>
  /[ ,]inbound(,|$)/.test(metadata.annotations?.['gatewaynetwork.dev/client-options'] ?? '');
const componentOf = ({ metadata }: Pod) =>
  metadata.labels?.[NETWORK] === undefined ? undefined : metadata.labels[COMPONENT];

/** What the level that a namespace enforces is called in its label. */
function levelOf(objects: readonly KubernetesObject[], namespace: string): string | undefined {
  const found = objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata?.name === namespace);
  return found?.metadata?.labels?.['pod-security.kubernetes.io/enforce'];
}

/**
 * What the parts of networks need that `baseline` forbids, over all examples and all fields of the
 * API, so that a new privilege is
 * noticed, and one that is no longer needed.
 */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'node-agent': [
    'host namespaces: hostNetwork=true',
    'hostPath volumes: volume "cni-results"',
    'hostPath volumes: volumes "cni-results", "metrics"',
    'hostPath volumes: volumes "cni-results", "xtables-lock", "metrics"',
    'non-default capabilities: container "node-agent" must not include "NET_ADMIN" in securityContext.capabilities.add',
    'non-default capabilities: container "node-agent" must not include "NET_ADMIN", "NET_RAW" in securityContext.capabilities.add',
  ],
  router: [
    'hostPath volumes: volume "tun"',
    'non-default capabilities: container "router" must not include "NET_ADMIN" in securityContext.capabilities.add',
    'non-default capabilities: containers "rules", "router" must not include "NET_ADMIN" in securityContext.capabilities.add',
    'non-default capabilities: containers "rules", "router", "keepalived" must not include "NET_ADMIN", "NET_RAW" in securityContext.capabilities.add',
    'non-default capabilities: containers "rules", "router", "keepalived", "connections" must not include "NET_ADMIN", "NET_RAW" in securityContext.capabilities.add',
    'non-default capabilities: containers "rules", "router", "vpn" must not include "NET_ADMIN" in securityContext.capabilities.add',
    'non-default capabilities: containers "rules", "router", "wireguard" must not include "NET_ADMIN" in securityContext.capabilities.add',
  ],
};

/** The same for a client that answers inbound connections. */
const INBOUND = [
  'non-default capabilities: container "gateway-network-inbound" must not include "NET_ADMIN" in securityContext.capabilities.add',
];

describeWith([tool('pod-security', 'POD_SECURITY_VERSION')], (program) => {
  /** What a level forbids a pod. */
  const violations = (level: 'baseline' | 'restricted', { metadata, spec }: Pod): readonly string[] => {
    const input = JSON.stringify({ level, metadata, spec });
    return (JSON.parse(execFileSync(program ?? '', { input, encoding: 'utf8' })) as string[]).toSorted();
  };

  describe.each(readdirSync(EXAMPLES))('examples/%s', (example) => {
    const objects = rendered(example);
    const pods = podsOf(objects);
    const clients = pods.filter(isClient);
    const ours = pods.filter((pod) => componentOf(pod) !== undefined);

    test('has clients, agents or routers, and says what their namespaces admit', () => {
      expect(clients.length + ours.length).toBeGreaterThan(0);
      for (const { namespace } of ours) expect(levelOf(objects, namespace)).toBe('privileged');
      for (const pod of clients) {
        const level = answersInbound(pod) ? 'privileged' : 'restricted';
        expect([pod.name, levelOf(objects, pod.namespace)]).toEqual([pod.name, level]);
      }
    });

    test('has clients that `restricted` admits, except for those that answer inbound connections', () => {
      for (const pod of clients) {
        expect([pod.name, ...violations('baseline', pod)]).toEqual([pod.name, ...(answersInbound(pod) ? INBOUND : [])]);
        const others = violations('restricted', pod).filter((line) => !line.includes('"gateway-network-inbound"'));
        expect([pod.name, ...others]).toEqual([pod.name]);
        if (!answersInbound(pod)) expect(violations('restricted', pod)).toEqual([]);
      }
    });
  });

  test.each(Object.entries(NEEDED))('%s has the privileges that it needs and no others', (component, needed) => {
    const all = [...readdirSync(EXAMPLES).map(rendered), ...RENDERED.map(([, objects]) => objects)];
    const pods = all.flatMap(podsOf).filter((pod) => componentOf(pod) === component);
    const found = pods.map((pod) => violations('baseline', pod));
    // Each of them needs a namespace that admits `privileged` pods.
    for (const lines of found) expect(lines).not.toEqual([]);
    expect([...new Set(found.flat())].toSorted()).toEqual(needed);
  });

  test.each([
    ['restricted', { containers: [{ name: 'a' }] }],
    ['baseline', { hostPID: true, containers: [] }],
  ] as const)('a pod that %s forbids would be found', (level, spec) => {
    expect(violations(level, { name: 'p', namespace: '', metadata: {}, spec })).not.toEqual([]);
  });
});
