import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { Sidecar } from './cmp-server.ts';
import { folderOf } from './folder.ts';

export const NETWORK = `apiVersion: gatewaynetwork.dev/v1alpha1
kind: GatewayNetwork
metadata: {name: vpn, namespace: egress}
spec: {subnets: [192.168.50.0/24], overlay: {vni: 1000}}
`;
export const BASE = { 'app/gateway-network.yaml': NETWORK };
/** An application with a kustomization; without `resources` in the text it has the network. */
export const kustomization = (text: string) => {
  const resources = text.startsWith('resources') ? '' : 'resources: [gateway-network.yaml]\n';
  return { ...BASE, 'app/kustomization.yaml': resources + text };
};
/** More than the plugin or kustomize may have resident at any time. */
const MAX_MEBIBYTES = 300;

export type Files = Readonly<Record<string, string>>;
export type Links = Readonly<Record<string, string>>;

/** A repository with files, and links by what they lead to. It goes away with the running test. */
export function repositoryOf(files: Files, links: Links = {}): string {
  const repository = folderOf(files);
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    symlinkSync(target, join(repository, path));
  }
  return repository;
}

/**
 * What the user reads of a plugin that must refuse the application `app`. It does so within
 * seconds and a bounded memory, which GNU time
 * tells of the plugin and of what it starts, and prints nothing.
 */
export function refusalOf(sidecar: Sidecar, time: string, files: Files, links: Links = {}): string {
  const peak = join(folderOf({ peak: '' }), 'peak');
  chmodSync(dirname(peak), 0o711);
  chmodSync(peak, 0o666);
  const start = performance.now();
  const application = { repository: repositoryOf(files, links), path: 'app' };
  const { status, stdout, stderr, signal } = sidecar.generate(application, [time, '--quiet', '-f', '%M', '-o', peak]);
  expect({ failed: status !== 0, stdout, signal }).toEqual({ failed: true, stdout: '', signal: null });
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(Number(readFileSync(peak, 'utf8')) / 1024).toBeLessThan(MAX_MEBIBYTES);
  expect(stderr).not.toMatch(/internal error|^\s+at /m);
  return stderr;
}
