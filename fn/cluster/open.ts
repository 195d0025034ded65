import type { ClusterClient, Opened } from './cluster-client.ts';
import { connect } from './connect.ts';
import { execute } from './execute.ts';
import { list } from './list.ts';
import type { Question } from './observation.ts';
import { Refusal } from './refusal.ts';
import { get, getObject, Missing, objectIn, send } from './request.ts';

/** Connects to the cluster of the kubeconfig; no request is sent yet. */
export async function open(question: Omit<Question, 'network'>): Promise<Opened> {
  try {
    return { client: clientOf(await connect(question)), reasonOf };
  } catch (error) {
    const refusal = reasonOf(error);
    if (refusal !== undefined) return { refusal };
    throw error;
  }
}

function reasonOf(error: unknown): string | undefined {
  return error instanceof Refusal ? error.message : undefined;
}

function clientOf(connection: Awaited<ReturnType<typeof connect>>): ClusterClient {
  return {
    list: async (path, choice) => list(connection, path, choice),
    read: async <T extends object>(path: string) => unlessMissing(async () => getObject<T>(connection, path)),
    create: async <T extends object>(path: string, body: T) =>
      objectIn(connection, path, await send(connection, { method: 'POST', path, body })) as T,
    remove: async (path) => {
      await unlessMissing(async () => send(connection, { method: 'DELETE', path }));
    },
    log: async ({ namespace, pod, container }) => {
      const query = container === undefined ? '' : `?container=${container}`;
      return get(connection, `/api/v1/namespaces/${namespace}/pods/${pod}/log${query}`, 'application/json, */*');
    },
    execute: async (...args) => execute(connection, ...args),
  };
}

async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Missing) return undefined;
    throw error;
  }
}
