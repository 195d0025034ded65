import { afterAll, beforeAll } from 'vitest';
import { describeWith } from '../engines/describe-tools.ts';
import { etcd, fluxCrds, kubeApiserver, type Tool } from '../engines/tool.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { installCrds } from './crds.ts';

/** Gives the server of a suite; within its tests and hooks only. */
export type Cluster = () => ApiServer;

/**
 * A suite with an API server of its own in which all CustomResourceDefinitions are installed.
 * Further tools that it needs are given to
 * the body as paths, in their order.
 */
export function describeWithApiServer(
  tools: readonly Tool[],
  body: (cluster: Cluster, ...paths: readonly string[]) => void,
): void {
  describeWith([kubeApiserver(), etcd(), fluxCrds(), ...tools], (server = '', storage = '', crds = '', ...paths) => {
    let running: ApiServer | undefined;
    beforeAll(async () => {
      running = await startApiServer(storage, server);
      await installCrds(running, crds);
    }, 180_000);
    afterAll(async () => running?.stop());

    body(
      () => {
        if (running === undefined) throw new Error('the API server runs within tests only');
        return running;
      },
      ...paths,
    );
  });
}
