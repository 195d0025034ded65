import type { V1ObjectReference } from '@kubernetes/client-node';
import { run } from '../agent/namespace.ts';
import { type Checkout, checkOut, manifestsIn, writeFiles } from './checkout.ts';
import { examplePrograms } from './example-tools.ts';
import type { Example } from './examples.ts';
import { untilReady } from './installation.ts';
import { type Client, clients, type Pod, pods } from './pods.ts';
import { stream } from './stream.ts';
import type { World } from './world.ts';

/** An example that runs as its README says. */
export interface InstalledExample {
  readonly example: Example;
  readonly world: World;
  readonly clients: readonly Client[];
  readonly routers: readonly Pod[];
}

/** Where examples put what they render, and their clients. */
export const NAMESPACES = ['egress', 'apps', 'edge', 'media'];

/** Runs the commands of its README, and comes back when all that they have installed is ready. */
export async function installExample(world: World, example: Example): Promise<InstalledExample> {
  const { cluster } = world;
  const checkout = checkOut(cluster, example.name, examplePrograms());
  writeFiles(checkout, example.files?.(world, checkout.folder) ?? {});
  await example.prepare?.(world);
  await applyAsPrinted(checkout, example);
  await untilReady(cluster, stream(await workloads(world)));
  const all = await Promise.all(
    example.clients.map(async ({ app, namespace, device }) => clients(cluster, `app=${app}`, namespace, device)),
  );
  return {
    example,
    world,
    clients: all.flat(),
    routers: await pods(cluster, 'egress', 'app.kubernetes.io/component=router'),
  };
}

/** What commands print is applied; those of some do so by themselves, and those of kpt change the folder. */
async function applyAsPrinted({ printed, shell, folder }: Checkout, { edit = (text) => text }: Example): Promise<void> {
  const manifests = await shell(edit(printed));
  if (printed.includes('kubectl apply')) return;
  await shell('kubectl apply -f -', printed.includes('kpt fn render') ? manifestsIn(folder) : manifests);
}

async function workloads({ cluster }: World): Promise<readonly object[]> {
  const answer = await cluster.kubectl(['get', 'daemonsets,deployments,statefulsets', '-A', '-o', 'json']);
  const { items } = JSON.parse(answer) as {
    readonly items: readonly { readonly kind: string; readonly metadata: V1ObjectReference }[];
  };
  return items
    .filter(({ metadata }) => NAMESPACES.includes(metadata.namespace ?? ''))
    .map(({ kind, metadata: { name, namespace } }) => ({ kind, metadata: { name, namespace } }));
}

/** Runs a command in a client as a user does, its standard input empty, and gives what it prints. */
export async function exec({ world }: InstalledExample, client: Client, command: readonly string[]): Promise<string> {
  return world.cluster.kubectl(['-n', client.kubernetesNamespace, 'exec', '-i', client.name, '--', ...command]);
}

/** The router by which a client's packets for an address leave: the one that has the next hop's address. */
export function routerOf({ routers }: InstalledExample, client: Client, address: string): Pod | undefined {
  const gateway = / via (\S+)/.exec(run(client.namespace, `ip route get ${address}`))?.[1] ?? '';
  return routers.find((router) => router.addresses('net1').includes(gateway));
}
