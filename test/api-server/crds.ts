import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { applied, type ClusterObject, pathOf } from './apply.ts';
import { type Access, request } from './request.ts';

interface CustomResourceDefinition extends ClusterObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const ROOT = join(import.meta.dirname, '../..');

/**
 * Installs what serves our own kinds, Multus', node-network-operator's and, from the given folder,
 * Flux's, and waits until all are served.
 */
export async function installCrds(access: Access, fluxFolder: string): Promise<void> {
  const files = [join(ROOT, 'schemas'), join(ROOT, 'test/api-server/crds'), fluxFolder].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.crd.yaml') || folder === fluxFolder)
      .map((name) => join(folder, name)),
  );
  const documents = files.map((file) => readFileSync(file, 'utf8'));
  await Promise.all(documents.map(async (document) => applied(access, document)));
  await Promise.all(documents.map(async (document) => established(access, parse(document) as ClusterObject)));
}

/** Waits until a kind is served, in all its versions; that takes the API server a moment longer than it says. */
export async function established(access: Access, crd: ClusterObject): Promise<void> {
  const path = await pathOf(access, crd);
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const { spec, status } = JSON.parse((await request(access, 'GET', path)).text) as CustomResourceDefinition;
    const isEstablished = status?.conditions?.some(
      ({ type, status: value }) => type === 'Established' && value === 'True',
    );
    if (isEstablished && (await isServed(access, spec))) return;
    await sleep(100);
  }
  throw new Error(`${crd.metadata.name} is not served after 30 s`);
}

async function isServed(access: Access, spec: CustomResourceDefinition['spec']): Promise<boolean> {
  const collections = spec.versions
    .filter(({ served }) => served)
    .map(({ name }) => `/apis/${spec.group}/${name}/${spec.names.plural}`);
  const answers = await Promise.all(collections.map(async (path) => request(access, 'GET', path)));
  return answers.every(({ status }) => status === 200);
}
