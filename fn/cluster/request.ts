import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAnswer } from './answer.ts';
import type { Connection } from './connect.ts';
import { Refusal, wordsOf } from './refusal.ts';

/** The longest that an answer may take, in milliseconds, with all that is asked again. */
const PATIENCE = 20_000;

/** What is asked of an API server. */
export interface Demand {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Of the REST API, with its query. */
  readonly path: string;
  readonly accept?: string;
  /** An object, sent as JSON. */
  readonly body?: unknown;
}

interface Response {
  readonly status: number;
  readonly text: string;
  /** How many seconds to wait before the same is asked again, where the server says so. */
  readonly retryAfter: string | undefined;
}

/**
 * The body of the answer to a question.
 * @throws {@link Refusal} where none comes, or no success; that of 404 is a {@link Missing}
 */
export async function get(connection: Connection, path: string, accept: string): Promise<string> {
  return send(connection, { method: 'GET', path, accept });
}

/**
 * The object that answers a question.
 * @throws {@link Refusal} as {@link get}, and where the answer is none
 */
export async function getObject<T extends object>(
  connection: Connection,
  path: string,
  accept = 'application/json',
): Promise<T> {
  return objectIn(connection, path, await get(connection, path, accept)) as T;
}

/** @throws {@link Refusal} where a text is no object */
export function objectIn({ server }: Connection, path: string, text: string): object {
  const answer = parseAnswer(text);
  if (answer === undefined) throw notAnApi(server, path, text);
  return answer;
}

/** That something else answers than an API server, such as the page of a proxy on which somebody has to log in. */
export function notAnApi(server: string, path: string, text: string): Refusal {
  const [line = ''] = text.trim().split('\n');
  return new Refusal(
    `what answers at ${server} is no API server of Kubernetes: to ${path.replace(/\?.*/, '')} it says '${line.slice(0, 80)}'; name another with --kubeconfig or --context`,
  );
}

/**
 * The body of an answer. A server that has too much to do says when to ask again, as kubectl does, too.
 * @throws {@link Refusal} as {@link get}
 */
export async function send(connection: Connection, demand: Demand): Promise<string> {
  const { server } = connection;
  const url = new URL(server.replace(/\/$/, '') + demand.path);
  for (const end = Date.now() + PATIENCE; ;) {
    const response = await sendOnce(connection, url, demand, end);
    const { status, text, retryAfter = '' } = response;
    if (status >= 200 && status < 300) return text;
    const pause =
      (status === 429 || status >= 500) && /^\d{1,3}$/.test(retryAfter) ? Number(retryAfter) * 1000 : Infinity;
    if (Date.now() + pause >= end) throw refusalOf(server, url.pathname, response);
    await sleep(pause);
  }
}

async function sendOnce({ server, options }: Connection, url: URL, demand: Demand, end: number): Promise<Response> {
  const { method, accept = 'application/json', body } = demand;
  const start = url.protocol === 'http:' ? httpRequest : httpsRequest;
  const content = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...(options.headers as Record<string, string>),
    accept,
    ...(content !== undefined && {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(content)),
    }),
  };
  const signal = AbortSignal.timeout(Math.max(1, end - Date.now()));
  try {
    return await new Promise<Response>((resolve, reject) => {
      const sent = start(url, { ...options, method, headers, signal }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const { statusCode = 0, headers: given } = incoming;
          resolve({
            status: statusCode,
            text: Buffer.concat(chunks).toString('utf8'),
            retryAfter: given['retry-after'],
          });
        });
      });
      sent.on('error', reject);
      sent.end(content);
    });
  } catch (error) {
    const words = signal.aborted ? `no answer within ${PATIENCE / 1000} s` : wordsOf(error);
    throw new Refusal(`the cluster at ${server} is not reached: ${words}; name another with --kubeconfig or --context`);
  }
}

/** An answer that there is no such kind or object. */
export class Missing extends Refusal {}

/** An answer that whoever asks may not know. */
export class Forbidden extends Refusal {}

/** An answer that a list has changed too much since its first page. */
export class Expired extends Refusal {}

function refusalOf(server: string, path: string, { status, text }: Response): Refusal {
  const words = messageIn(text) ?? `status ${status} for ${path}`;
  if (status === 404) return new Missing(`the cluster at ${server} does not have it: ${words}`);
  if (status === 401) return new Refusal(`the cluster at ${server} does not know who asks: ${words}; log in again`);
  if (status === 403) return new Forbidden(`the cluster at ${server} forbids it: ${words}; see docs/command-line.md`);
  const reason = `the cluster at ${server} has answered: ${words}`;
  return status === 410 ? new Expired(reason) : new Refusal(reason);
}

/** The message of a `Status` object. */
function messageIn(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    return typeof message === 'string' && message !== '' ? wordsOf(message) : undefined;
  } catch {
    return undefined;
  }
}
