import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { parseAnswer } from './answer.ts';
import type { Connection } from './connect.ts';
import { Refusal, wordsOf } from './refusal.ts';

/** The longest that an answer may take, in milliseconds. */
const PATIENCE = 20_000;

const OBJECTS = 'application/json';

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
 * @throws {@link Refusal} as {@link get}, and for what no API server would answer
 */
export async function getObject(connection: Connection, path: string, accept = OBJECTS): Promise<object> {
  return objectIn(connection, path, await get(connection, path, accept));
}

/** The object that an answer holds. */
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
 * The body of an answer.
 * @throws {@link Refusal} as {@link get}
 */
export async function send({ server, options }: Connection, demand: Demand): Promise<string> {
  const { method, path, accept = OBJECTS, body } = demand;
  const url = new URL(server.replace(/\/$/, '') + path);
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
  const signal = AbortSignal.timeout(PATIENCE);
  let response: Response;
  try {
    response = await new Promise<Response>((resolve, reject) => {
      const sent = start(url, { ...options, method, headers, signal }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      sent.on('error', reject);
      sent.end(content);
    });
  } catch (error) {
    const why = signal.aborted ? `no answer within ${PATIENCE / 1000} s` : wordsOf(error);
    throw new Refusal(`the cluster at ${server} is not reached: ${why}; name another with --kubeconfig or --context`);
  }
  if (response.status >= 200 && response.status < 300) return response.text;
  throw refusalOf(server, url.pathname, response);
}

/** An answer that there is no such kind or object. */
export class Missing extends Refusal {}

function refusalOf(server: string, path: string, { status, text }: Response): Refusal {
  const words = messageIn(text) ?? `status ${status} for ${path}`;
  if (status === 404) return new Missing(`the cluster at ${server} does not have it: ${words}`);
  if (status === 401) return new Refusal(`the cluster at ${server} does not know who asks: ${words}; log in again`);
  if (status === 403) return new Refusal(`the cluster at ${server} forbids it: ${words}; see docs/command-line.md`);
  return new Refusal(`the cluster at ${server} has answered: ${words}`);
}

/** The message of a `Status` object. */
function messageIn(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { readonly message?: string };
    return message === undefined ? undefined : wordsOf(message);
  } catch {
    return undefined;
  }
}
