import type { V1JobTemplateSpec, V1ObjectMeta, V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { expand } from '../../fn/index.ts';
import { removeNamespaces, run } from '../agent/namespace.ts';
import { example } from '../datapath/bed/example.ts';
import {
  type Definition,
  findConfig,
  NETWORKS,
  type NetworkSelection,
  readSelections,
} from '../datapath/bed/multus.ts';
import { createNamespace } from '../datapath/bed/namespace.ts';
import { documentsOf } from '../engines/documents.ts';
import { cniPlugins, multus } from '../engines/tool.ts';
import { applied, apply, type ClusterObject, remove } from './apply.ts';
import { describeWithApiServer } from './cluster.ts';
import { established } from './crds.ts';
import { EXAMPLES_RENDERED } from './examples.ts';
import { inTwoNamespaces } from './two-namespaces.ts';
import { type MultusNode, type PodSandbox, startMultusNode } from './multus.ts';
import { request } from './request.ts';
import { whose } from './whose.ts';

const STATUS = 'k8s.v1.cni.cncf.io/network-status';

interface Pod extends ClusterObject {
  readonly metadata: V1ObjectMeta & { readonly name: string; readonly namespace: string };
  readonly spec: V1PodSpec;
}

/** What Multus notes of an interface on the pod. */
interface InterfaceStatus {
  readonly name: string;
  readonly interface: string;
  readonly ips?: readonly string[];
  readonly mac?: string;
}

/** What is read of the address management in a definition. Without a type, an interface gets no address. */
interface Ipam {
  readonly type?: string;
  readonly routes?: readonly { readonly dst: string }[];
}

interface IpPool {
  readonly spec: { readonly range: string; readonly allocations: Readonly<Record<string, object>> };
}

interface Sandboxed extends PodSandbox {
  readonly pod: Pod;
}

interface Scene {
  readonly pods: readonly Sandboxed[];
  readonly definitions: readonly (Definition & ClusterObject)[];
}

function selectionsOf({ metadata: { annotations, namespace } }: Pod): readonly NetworkSelection[] {
  return readSelections(annotations?.[NETWORKS] ?? '', namespace);
}

/** A workload, as far as its pods go. */
interface Workload extends ClusterObject {
  readonly spec?: { readonly template?: V1PodTemplateSpec; readonly jobTemplate?: V1JobTemplateSpec };
}

/** A pod as the workload makes it; none of what makes no pods, or pods without networks. */
function podsOf(document: string): readonly Pod[] {
  const object = parse(document) as Workload;
  const { kind, spec, metadata } = object;
  const template =
    spec?.template ?? spec?.jobTemplate?.spec?.template ?? (kind === 'Pod' ? (object as Pod) : undefined);
  if (!template?.metadata?.annotations?.[NETWORKS]) return [];
  const { labels, annotations } = template.metadata;
  const { name, namespace = 'default' } = metadata;
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels, annotations },
    spec: template.spec,
  };
  return [pod as Pod];
}

/** A network that an example's workloads have beside ours. */
const foreign = ({ name, namespace }: NetworkSelection) => `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: {name: ${name}, namespace: ${namespace}}
spec: {config: '{"cniVersion": "1.0.0", "name": "${name}", "plugins": [{"type": "bridge", "bridge": "br-${name}"}]}'}
`;

const isInCluster = (document: string) => /^kind: (Namespace|NetworkAttachmentDefinition)$/m.test(document);
const plugins = cniPlugins().at(-1) ?? { title: 'CNI plugins' };

describeWithApiServer([multus(), plugins], (cluster, folder = '', delegates = '') => {
  let node: MultusNode;
  beforeAll(async () => {
    const crds = readdirSync(folder).filter((file) => file.startsWith('whereabouts.cni.cncf.io_'));
    for (const file of crds) {
      const document = readFileSync(`${folder}/${file}`, 'utf8');
      await apply(cluster(), document);
      await established(cluster(), parse(document) as ClusterObject);
    }
    node = await startMultusNode(cluster(), [folder, delegates]);
    run(node.namespace, 'ip link add eth1 type veth peer name fabric && ip link set eth1 up && ip link set fabric up');
  });
  afterAll(() => {
    node[Symbol.dispose]();
    removeNamespaces();
  });

  /**
   * The pods of some documents, in the API server and each with a network namespace; all that they
   * refer to is there.
   */
  async function start(documents: readonly string[]): Promise<Scene> {
    const objects = documents.filter(isInCluster).map((document) => document.replaceAll('eth1.99', 'eth1'));
    const pods = documents.flatMap(podsOf);
    const definitions = objects.map((document) => parse(document)).filter(({ kind }) => kind !== 'Namespace');
    const known = new Set(definitions.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
    const wanted = pods.flatMap(selectionsOf);
    const others = wanted.filter(({ namespace, name }) => !known.has(`${namespace}/${name}`)).map(foreign);
    for (const document of [...objects, ...others]) await applied(cluster(), document);
    for (const pod of pods) await applied(cluster(), JSON.stringify(pod));
    return {
      definitions: [...definitions, ...others.map((document) => parse(document))],
      pods: pods.map((pod) => ({ pod, ...pod.metadata, sandbox: createNamespace() })),
    };
  }

  async function statusOf({ metadata: { namespace, name } }: Pod): Promise<InterfaceStatus[]> {
    const { text } = await request(cluster(), 'GET', `/api/v1/namespaces/${namespace}/pods/${name}`);
    return JSON.parse((JSON.parse(text) as Pod).metadata.annotations?.[STATUS] ?? '[]') as InterfaceStatus[];
  }

  /** The addresses that whereabouts has given away. */
  async function allocations(): Promise<number> {
    const { text } = await request(cluster(), 'GET', '/apis/whereabouts.cni.cncf.io/v1alpha1/ippools');
    const { items } = JSON.parse(text) as { items: readonly IpPool[] };
    return items.reduce((sum, { spec }) => sum + Object.keys(spec.allocations).length, 0);
  }

  /**
   * Holds an interface of a pod against its definition and what Multus notes; says how many
   * addresses whereabouts gave it.
   */
  function check(
    { sandbox, name }: Sandboxed,
    selection: NetworkSelection,
    scene: Scene,
    status: InterfaceStatus[],
  ): number {
    const { interface: at } = selection;
    const [plugin = {}] = findConfig(scene.definitions, selection).plugins;
    const ipam = plugin['ipam'] as Ipam | undefined;
    const noted = status.find((one) => one.interface === at);
    const addresses = run(sandbox, `ip -o addr show dev ${at} scope global`);
    const held = [...addresses.matchAll(/ inet6? ([\d.a-f:]+)/g)].map(([, address = '']) => address);
    const routes = run(sandbox, `ip -4 route show dev ${at}; ip -6 route show dev ${at}`).split('\n');
    expect(noted?.name, name).toBe(`${selection.namespace}/${selection.name}`);
    expect(held.toSorted(), name).toEqual((noted?.ips ?? []).toSorted());
    expect(held.length > 0, name).toBe(ipam?.type !== undefined);
    const destinations = routes.map((route) => route.split(' ')[0]);
    expect(destinations, name).toEqual(expect.arrayContaining((ipam?.routes ?? []).map(({ dst }) => dst)));
    return ipam?.type === 'whereabouts' ? held.length : 0;
  }

  const EXAMPLES = EXAMPLES_RENDERED.filter(([, documents]) =>
    documents.some((document) => podsOf(document).length > 0),
  );

  test.each(EXAMPLES)(
    'examples/%s: each pod is attached as its manifests say, and leaves nothing',
    async (_, documents) => {
      const scene = await start(documents);
      let given = 0;
      for (const sandboxed of scene.pods) {
        node.call('ADD', sandboxed);
        const status = await statusOf(sandboxed.pod);
        for (const selection of selectionsOf(sandboxed.pod)) given += check(sandboxed, selection, scene, status);
      }
      expect(await allocations()).toBe(given);
      for (const sandboxed of scene.pods) node.call('DEL', sandboxed);
      expect(await allocations()).toBe(0);
      for (const { pod } of scene.pods) await remove(cluster(), pod);
      for (const definition of scene.definitions) await remove(cluster(), definition);
    },
  );

  const FIXED = { names: ['client'], addresses: ['192.168.50.99'] };

  test('the node agent tells from the files whose a port is, and who asks for what is not given', async () => {
    const documents = documentsOf(
      expand(example('multi-node', { clients: [FIXED] }).replace('replicas: 2', 'replicas: 1')).text,
    );
    using own = await startMultusNode(cluster(), [folder, delegates]);
    const { pods } = await start(documents);
    for (const pod of pods) own.call('ADD', pod);
    const verdicts = whose(own, documents).map((line) => line.replace(/veth\w+/, 'PORT'));
    expect(verdicts).toEqual(pods.map(() => 'bound PORT'));

    const [client] = pods.filter(({ namespace }) => namespace === 'apps') as [Sandboxed];
    const [network] = selectionsOf(client.pod);
    const asking = async (name: string, args: object): Promise<Sandboxed> => {
      const annotations = { [NETWORKS]: JSON.stringify([{ ...network, ...args }]) };
      const metadata = { ...client.pod.metadata, name, annotations };
      await applied(cluster(), JSON.stringify({ ...client.pod, metadata }));
      return { ...client, pod: { ...client.pod, metadata }, name, sandbox: createNamespace() };
    };
    // Who has them keeps them, and nobody is given others.
    const second = await asking('second', {});
    expect(() => own.call('ADD', second)).toThrow(/Could not allocate IP in range/);
    own.call('DEL', client);
    const greedy = await asking('greedy', { 'cni-args': { ips: ['203.0.113.10/32'], mac: '02:00:00:00:00:11' } });
    own.call('ADD', greedy);
    expect(run(greedy.sandbox, 'ip -4 -o addr show dev net1')).toContain(' 192.168.50.99/24 ');
    expect(run(greedy.sandbox, 'ip -o addr show dev net1')).not.toContain('203.0.113.10');
    expect(whose(own, documents).join('\n')).toMatch(
      /refused veth\w+ apps\/greedy: it asks for a MAC address by cni-args/,
    );
    for (const pod of [greedy, second, ...pods]) own.call('DEL', pod);
    expect(await allocations()).toBe(0);
    for (const { pod } of [greedy, second, ...pods]) await remove(cluster(), pod);
  });

  test('isolated namespaces have an attachment each, and addresses are of one pool on all nodes', async () => {
    const options = { namespaceIsolation: true };
    using one = await startMultusNode(cluster(), [folder, delegates], options);
    using other = await startMultusNode(cluster(), [folder, delegates], options);
    const isClient = ({ namespace }: { namespace: string }) => namespace !== 'egress';

    const shared = await start(inTwoNamespaces('Shared'));
    for (const pod of shared.pods.filter(isClient)) expect(() => one.call('ADD', pod)).toThrow(/namespace isolation/);

    const { pods } = await start(inTwoNamespaces('PerNamespace'));
    const [client, player] = pods.filter(isClient) as [Sandboxed, Sandboxed];
    one.call('ADD', client);
    other.call('ADD', player);
    const given = (await Promise.all([client, player].map(({ pod }) => statusOf(pod)))).map(
      (status) => status.find((network) => network.interface === 'net1')?.ips,
    );
    expect(given).toEqual([['192.168.50.16'], ['192.168.50.17']]);
    one.call('DEL', client);
    other.call('DEL', player);
    expect(await allocations()).toBe(0);
  });
});
