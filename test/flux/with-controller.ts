import type { RequestListener } from 'node:http';
import { afterAll, beforeAll } from 'vitest';
import type { ApiServer } from '../api-server/api-server.ts';
import { describeWithApiServer } from '../api-server/cluster.ts';
import { createBed, type Bed } from './bed.ts';
import { removeStore, startController, type ControllerProcess } from './controller-process.ts';
import { putRender, type Any } from './kube.ts';
import { networkText, tarball } from './tarball.ts';

/** What a suite with a controller is given; to be called within tests and hooks only. */
export interface Running extends Pick<Bed, 'until' | 'succeeded' | 'artifact'> {
  readonly server: () => ApiServer;
  readonly bed: () => Bed;
  readonly controller: () => ControllerProcess;
  /** Publishes a commit of the GitRepository of a name: see {@link Bed.sources}. */
  readonly publish: (name: string, commit: string, archive: Buffer, handler?: RequestListener) => Promise<string>;
  /** Has a small network rendered, and gives the artifact's status. */
  readonly published: (name: string) => Promise<Any>;
}

/** A suite with an API server and a controller of its own. */
export function describeWithController(body: (running: Running) => void): void {
  describeWithApiServer([], (server) => {
    let made: { readonly bed: Bed; readonly controller: ControllerProcess } | undefined;
    beforeAll(async () => {
      const bed = await createBed(server());
      made = { bed, controller: await startController(bed.kubeconfig) };
      await made.controller.untilReady();
    }, 200_000);
    afterAll(async () => {
      await made?.controller.kill('SIGKILL');
      if (made !== undefined) removeStore(made.controller);
      await made?.bed.close();
    });
    const running = () => {
      if (made === undefined) throw new Error('the controller runs within tests only');
      return made;
    };
    const publish: Running['publish'] = async (...commit) => running().bed.sources.publish(server(), ...commit);
    body({
      server,
      bed: () => running().bed,
      controller: () => running().controller,
      until: async (...args) => running().bed.until(...args),
      succeeded: async (...args) => running().bed.succeeded(...args),
      artifact: async (name) => running().bed.artifact(name),
      publish,
      published: async (name) => {
        await publish(name, 'a1', await tarball({ 'vpn.yaml': networkText() }));
        await putRender(server(), name);
        await running().bed.succeeded(name, 'a1');
        return running().bed.artifact(name);
      },
    });
  });
}
