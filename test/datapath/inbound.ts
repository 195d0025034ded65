import { mkdtempSync, writeFileSync } from 'node:fs';
import type { V1Container } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { run } from '../agent/namespace.ts';
import { type Client, startClient } from './bed/client.ts';
import { PROGRAMS } from './bed/image.ts';
import type { Installation } from './bed/installation.ts';
import { startContainer } from './image/container.ts';

/** The init container of a client that answers inbound connections, as the rendered workload has it. */
export function initContainer({ manifests }: Installation): V1Container {
  const workload = manifests.deployments.find(({ metadata }) => metadata?.name === 'client');
  const all = workload?.spec?.template.spec?.initContainers ?? [];
  const container = all.find(({ name }) => name === 'gateway-network-inbound');
  if (!container) throw new Error('the client has no init container');
  return container;
}

/** Runs the init container of a client to its end, and returns what it says. It must end well. */
export async function runInit(installation: Installation, client: Client): Promise<string> {
  const { cluster, manifests } = installation;
  const { name, command = [], securityContext = {}, volumeMounts } = initContainer(installation);
  const config = manifests.configMaps.find(({ metadata }) => metadata?.name === 'vpn-inbound');
  expect(config?.metadata?.namespace).toBe('apps');
  const source = mkdtempSync(`${cluster.directory}/init-`);
  for (const [file, text] of Object.entries(config?.data ?? {})) writeFileSync(`${source}/${file}`, text);
  const container = startContainer({
    name,
    rootfs: cluster.rootfs,
    networkNamespace: client.namespace,
    args: command,
    mounts: [
      PROGRAMS,
      ...(volumeMounts ?? []).map(({ mountPath }) => ({ source, destination: mountPath, readOnly: true })),
    ],
    security: securityContext,
  });
  const status = await container.ended();
  const log = container.log();
  container.remove();
  expect(log).not.toMatch(/rror|cannot|denied/);
  expect(status).toBe(0);
  return log;
}

/** A client on the first node whose kernel filters by reverse path as it is told, on every interface. */
export function startFiltered(installation: Installation, rpFilter: number): Client {
  const client = startClient(installation, 1);
  for (const name of ['all', 'eth0', 'net1']) {
    run(client.namespace, `sysctl -qw net.ipv4.conf.${name}.rp_filter=${rpFilter}`);
  }
  return client;
}
