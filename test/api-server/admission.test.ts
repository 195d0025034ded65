import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { addNetwork, freeInterface, interfacesOf, parseNetworks } from '../../fn/clients/networks-annotation.ts';
import { GUARD, guardContainer, guardVolume } from '../../fn/plan/guard.ts';
import { render } from '../../fn/render/render.ts';
import { json, NETWORKS, short, some } from '../clients/annotation-forms.ts';
import { describeWith } from '../engines/describe-tools.ts';
import { etcd, kubeApiserver } from '../engines/tool.ts';
import { planOf } from '../plan/network.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { applied } from './apply.ts';
import { admitted, type PodDraft, refused, until } from './policies.ts';

const NETWORK = planOf(`
subnets: [192.168.50.0/24, "fd00:50::/64"]
overlay: {vni: 1000}
clients:
  - {join: Admission, selector: {matchLabels: {egress: vpn}}}
  - {join: Admission, namespaces: [edge], attachment: PerNamespace, guard: Disabled}
  - {join: Admission, selector: {matchLabels: {dns: gateway}}, namespaceSelector: {matchLabels: {tenant: a}}, dns: Gateway}
`);
const OWN = { name: 'vpn', namespace: 'egress' };
const OTHER = { name: 'other', image: 'other' };
const CLIENT = { labels: { egress: 'vpn' } };
const NAMESPACES = {
  apps: {},
  edge: {},
  egress: {},
  tenant: { tenant: 'a' },
  other: { tenant: 'b' },
  restricted: { 'pod-security.kubernetes.io/enforce': 'restricted' },
};

/** The annotation of a pod that was admitted. */
const networksOf = async (server: ApiServer, draft: PodDraft) =>
  (await admitted(server, draft)).metadata?.annotations?.[NETWORKS];
const annotated = (value: string, draft: PodDraft = CLIENT) => ({ ...draft, annotations: { [NETWORKS]: value } });

describeWith([kubeApiserver(), etcd()], (program = '', storage = '') => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer(storage, program);
    for (const [name, labels] of Object.entries(NAMESPACES))
      await applied(server, stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }));
    const policies = render(NETWORK).filter(({ kind = '' }) => kind.includes('AdmissionPolicy'));
    for (const policy of policies) await applied(server, stringify(policy));
    for (const draft of [CLIENT, { namespace: 'edge' }, { namespace: 'tenant', labels: { dns: 'gateway' } }])
      await until(async () => (await networksOf(server, draft)) !== undefined);
  }, 180_000);
  afterAll(async () => server.stop());

  describe('a pod becomes a client', () => {
    test.each<readonly [string, PodDraft, string | undefined]>([
      ['by its labels', CLIENT, 'egress/vpn'],
      ['by its namespace, whose own attachment it names', { namespace: 'edge' }, 'edge/vpn'],
      ['but not without the label', { labels: { egress: 'direct' } }, undefined],
      ['but not on the network of the node', { ...CLIENT, spec: { hostNetwork: true } }, undefined],
      [
        'but not one of the network itself',
        { namespace: 'egress', labels: { egress: 'vpn', 'gatewaynetwork.dev/network': 'vpn' } },
        undefined,
      ],
      [
        'nor by that label in another namespace',
        { labels: { egress: 'vpn', 'gatewaynetwork.dev/network': 'vpn' } },
        'egress/vpn',
      ],
      ['by the labels of its namespace', { namespace: 'tenant', labels: { dns: 'gateway' } }, 'egress/vpn'],
      ['but not in a namespace without them', { namespace: 'other', labels: { dns: 'gateway' } }, undefined],
    ])('%s', async (_, draft, expected) => {
      expect(await networksOf(server, draft)).toBe(expected);
    });

    test.each([
      ['', 'egress/vpn'],
      [' \n', 'egress/vpn'],
      ['[]', '[{"name":"vpn","namespace":"egress"}]'],
      [' [ ] ', '[{"name":"vpn","namespace":"egress"}]'],
      ['storage', 'storage, egress/vpn'],
      ['storage@net2', 'storage@net2, egress/vpn@net3'],
      ['other/a@eth1, b', 'other/a@eth1, b, egress/vpn'],
      ['egress/vpn', 'egress/vpn'],
      [' storage , egress/vpn@net7', ' storage , egress/vpn@net7'],
      ['vpn', 'vpn, egress/vpn'],
      ['other/vpn', 'other/vpn, egress/vpn'],
      ['[{"name":"a"}]', '[{"name":"a"},{"name":"vpn","namespace":"egress"}]'],
      [
        '[{"name":"a","interface":"net2"}]',
        '[{"name":"a","interface":"net2"},{"name":"vpn","namespace":"egress","interface":"net3"}]',
      ],
      ['[{"name": "vpn"}]', '[{"name": "vpn"},{"name":"vpn","namespace":"egress"}]'],
      ['[{"name": "vpn", "namespace": "egress"}]', '[{"name": "vpn", "namespace": "egress"}]'],
      [
        '[ { "cni-args" : { "a": [ { "name": "x" } ] } , "namespace":\t"egress",\n"name" : "vpn" } ]',
        '[ { "cni-args" : { "a": [ { "name": "x" } ] } , "namespace":\t"egress",\n"name" : "vpn" } ]',
      ],
      [
        '[{"name":"a","namespace":"egress","cni-args":{"name":"vpn","note":"}]{"}}]',
        '[{"name":"a","namespace":"egress","cni-args":{"name":"vpn","note":"}]{"}},{"name":"vpn","namespace":"egress"}]',
      ],
      ['[{"name":"a"}', '[{"name":"a"}'],
    ])('with %j it has %j, and keeps that', async (value, expected) => {
      expect(await networksOf(server, annotated(value))).toBe(expected);
      expect(await networksOf(server, annotated(expected))).toBe(expected);
    });

    test('a pod of the own namespace that names the attachment without it is one already', async () => {
      const draft = { ...CLIENT, namespace: 'egress' };
      expect(await networksOf(server, annotated('vpn', draft))).toBe('vpn');
      expect(await networksOf(server, annotated('[{"name":"vpn"}]', draft))).toBe('[{"name":"vpn"}]');
    });

    test('whatever networks it has of its own, as the function would have it', async () => {
      const own = some('egress/vpn', 'egress/vpn@net2', '{"name":"vpn","namespace":"egress"}', undefined, undefined);
      const values = fc.sample(
        fc.tuple(fc.oneof(short, json), own, some('', ' ', '\n')).map(([value, entry, space]) => {
          const isList = value.includes('[');
          if (entry === undefined || entry.startsWith('{') !== isList) return space + value + space;
          if (!isList) return `${entry},${space}${value}`;
          return value.replace(/^\[\s*/, (start) => start + entry + (value.replaceAll(/\s/g, '') === '[]' ? '' : ','));
        }),
        { numRuns: 500, seed: 1 },
      );
      const seen = { present: 0, added: 0, named: 0 };
      for (const value of values) {
        const before = parseNetworks(value) ?? [];
        const isPresent = before.some(({ name, namespace }) => name === OWN.name && namespace === OWN.namespace);
        const interfaceName = freeInterface(before);
        const expected = isPresent ? before : [...before, { ...OWN, interface: interfaceName }];
        expect(parseNetworks(addNetwork(value, OWN))?.at(-1)).toEqual({ ...OWN, interface: interfaceName });
        const after = (await networksOf(server, annotated(value))) ?? '';
        expect({ value, networks: parseNetworks(after) }).toEqual({ value, networks: expected });
        if (isPresent) expect(after).toBe(value);
        else expect(interfacesOf(before)).not.toContain(interfacesOf(expected).at(-1));
        expect(await networksOf(server, annotated(after))).toBe(after);
        seen[isPresent ? 'present' : interfaceName === undefined ? 'added' : 'named'] += 1;
      }
      expect(Math.min(...Object.values(seen))).toBeGreaterThan(15);
    }, 120_000);
  });

  test('a pod with `dns: Gateway` asks the gateway, whatever it says itself', async () => {
    const draft = { namespace: 'tenant', labels: { dns: 'gateway' } };
    const expected = {
      dnsPolicy: 'None',
      dnsConfig: {
        nameservers: ['192.168.50.1', 'fd00:50::1'],
        searches: ['tenant.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
        options: [{ name: 'ndots', value: '5' }],
      },
    };
    expect((await admitted(server, draft)).spec).toMatchObject(expected);
    const own = {
      dnsPolicy: 'Default',
      dnsConfig: { nameservers: ['1.1.1.1'], options: [{ name: 'ndots', value: '1' }] },
    };
    expect((await admitted(server, { ...draft, spec: own })).spec).toMatchObject(expected);
  });

  describe('the guard is first, and once,', () => {
    const seen = async (spec: PodDraft['spec'], draft: PodDraft = CLIENT) => {
      const { spec: pod } = await admitted(server, { ...draft, ...(spec && { spec }) });
      return {
        containers: (pod?.initContainers ?? []).map(({ name }) => name),
        volumes: (pod?.volumes ?? []).map(({ name }) => name),
        guard: pod?.initContainers?.[0],
      };
    };
    const guard = guardContainer(NETWORK);
    const volumes = [{ name: 'data', emptyDir: {} }];
    const both = { initContainers: [guard], volumes: [guardVolume()] };
    const last = { initContainers: [OTHER, guard], volumes: [guardVolume(), ...volumes] };

    test.each<readonly [string, PodDraft['spec'], readonly string[], readonly string[]]>([
      ['in a pod without init containers', {}, [GUARD], [GUARD]],
      ['before others', { initContainers: [OTHER], volumes }, [GUARD, 'other'], ['data', GUARD]],
      ['where it is', both, [GUARD], [GUARD]],
      ['where it was not the first', last, [GUARD, 'other'], [GUARD, 'data']],
      ['in the place of another of its name', { initContainers: [{ ...OTHER, name: GUARD }] }, [GUARD], [GUARD]],
    ])('%s', async (_, spec, containers, names) => {
      expect(await seen(spec)).toEqual({ containers, volumes: names, guard: expect.objectContaining(guard) });
    });

    test('unless it is not wanted', async () => {
      expect(await seen({}, { namespace: 'edge' })).toEqual({ containers: [], volumes: [], guard: undefined });
    });

    test('in a restricted namespace', async () => {
      const securityContext = { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } };
      const container = {
        ...OTHER,
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      };
      const spec = { securityContext, containers: [container] };
      expect(await seen(spec, { ...CLIENT, namespace: 'restricted' })).toMatchObject({ containers: [GUARD] });
    });
  });

  test('other annotations stay', async () => {
    const { metadata } = await admitted(server, { ...CLIENT, annotations: { a: 'b' } });
    expect(metadata?.annotations).toEqual({ a: 'b', [NETWORKS]: 'egress/vpn' });
  });

  test('an annotation that costs too much to read is refused, and stops nothing else', async () => {
    const huge = JSON.stringify(Array.from({ length: 4000 }, (_, index) => ({ name: `n${index}`, 'cni-args': {} })));
    expect(await refused(server, annotated(huge))).toMatch(/cost|budget/);
    expect(await refused(server, CLIENT)).toBeUndefined();
  });

  test('the first pods after a restart of the API server are clients', async () => {
    await server.restart();
    expect(await networksOf(server, CLIENT)).toBe('egress/vpn');
  }, 180_000);
});
