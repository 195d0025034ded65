import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { applied, type ClusterObject, pathOf } from './apply.ts';
import { type Access, request } from './request.ts';

interface CustomResourceDefinition extends ClusterObject {
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

/** Waits until a kind is served. */
export async function established(access: Access, crd: ClusterObject): Promise<void> {
  const path = await pathOf(access, crd);
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const { status } = JSON.parse((await request(access, 'GET', path)).text) as CustomResourceDefinition;
    if (status?.conditions?.some(({ type, status: value }) => type === 'Established' && value === 'True')) return;
    await sleep(100);
  }
  throw new Error(`${crd.metadata.name} is not served after 30 s`);
}
