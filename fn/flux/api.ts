import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { Agent, request, type Dispatcher } from 'undici';
import { messageOf } from './refusal.ts';

/** The name of our field manager in server-side apply. */
export const FIELD_MANAGER = 'gateway-network-flux';

/** The time limit of one request, in milliseconds. */
const TIMEOUT = 10_000;

/** The API server answered with an error, or did not answer. */
export class ApiError extends Error {
  /** The HTTP status, such as 409; 0 if no answer came. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The requests that the controller makes. Paths are those of the REST API, such as `/api/v1/namespaces/x/events`. */
export interface Api {
  /** An object; undefined if it does not exist. */
  readonly get: <T>(path: string) => Promise<T | undefined>;
  readonly list: <T>(path: string) => Promise<T>;
  readonly create: <T>(path: string, object: object) => Promise<T>;
  readonly replace: <T>(path: string, object: object) => Promise<T>;
  /**
   * Server-side apply: we own the fields of the object. Fields that we owned and that are not in it
   * are removed.
   */
  readonly apply: <T>(path: string, object: object) => Promise<T>;
}

/**
 * A client for the API server of a kubeconfig. The clients of client-node make a TLS connection for
 * each request; this one keeps connections.
 * @throws Error if the kubeconfig names no current cluster. All methods throw {@link ApiError}
 */
export function createApi(config: KubeConfig): Api {
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error('the kubeconfig names no current cluster');
  let agent: { readonly credentials: string; readonly dispatcher: Dispatcher } | undefined;

  /** Certificates may be rotated; then connections are made with the new ones. */
  const dispatcherFor = ({ ca, cert, key, rejectUnauthorized, servername }: RequestOptions): Dispatcher => {
    const connect = {
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
      ...(servername !== undefined && { servername }),
    };
    const credentials = [ca, cert, key].map(String).join('\n');
    if (agent?.credentials !== credentials) {
      agent = { credentials, dispatcher: new Agent({ connect, connections: 16, keepAliveTimeout: 60_000 }) };
    }
    return agent.dispatcher;
  };

  const call = async <T>(method: Dispatcher.HttpMethod, path: string, type?: string, object?: object): Promise<T> => {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const headers = { accept: 'application/json', ...(options.headers as Record<string, string>) };
    const { statusCode, text } = await send(new URL(path, server), {
      method,
      headers: type === undefined ? headers : { ...headers, 'content-type': type },
      body: object === undefined ? null : JSON.stringify(object),
      dispatcher: dispatcherFor(options),
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (statusCode >= 200 && statusCode < 300) return JSON.parse(text) as T;
    throw new ApiError(statusCode, `${method} ${path}: ${reasonOf(text, statusCode)}`);
  };

  return {
    get: async <T>(path: string) => {
      try {
        return await call<T>('GET', path);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return undefined;
        throw error;
      }
    },
    list: (path) => call('GET', path),
    create: (path, object) => call('POST', path, 'application/json', object),
    replace: (path, object) => call('PUT', path, 'application/json', object),
    apply: (path, object) =>
      call('PATCH', `${path}?fieldManager=${FIELD_MANAGER}&force=true`, 'application/apply-patch+yaml', object),
  };
}

async function send(
  url: URL,
  options: Parameters<typeof request>[1],
): Promise<{ readonly statusCode: number; readonly text: string }> {
  try {
    const { statusCode, body } = await request(url, options);
    return { statusCode, text: await body.text() };
  } catch (error) {
    throw new ApiError(0, `${options?.method} ${url.pathname}: ${messageOf(error)}`);
  }
}

/** The message of a Status object, or the HTTP status if the answer is something else. */
function reasonOf(text: string, status: number): string {
  try {
    const { message } = JSON.parse(text) as { message?: string };
    return message ?? `status ${status}`;
  } catch {
    return `status ${status}`;
  }
}
