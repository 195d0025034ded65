import { once } from 'node:events';
import type { ClientRequest } from 'node:http';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Exec, type KubeConfig, type V1Status } from '@kubernetes/client-node';
import type { Connection } from './connect.ts';
import type { Executed, Place } from './cluster-client.ts';
import { listOf, textOf } from '../yaml/fields.ts';
import { Refusal, wordsOf } from './refusal.ts';

/** What is used of a WebSocket. */
interface Socket {
  emit: (event: string, ...args: readonly unknown[]) => boolean;
  readonly terminate: () => void;
}

/** How much a command may print, in bytes. */
const MOST = 4 * 1024 * 1024;

/** That a command was not run to its end. */
export class NotRun extends Refusal {
  readonly why: string;

  constructor({ namespace, pod }: Place, why: string) {
    super(`a command in the pod ${namespace}/${pod} was not run to its end: ${why}`);
    this.why = why;
  }
}

/**
 * Runs a command in a container of a pod, by a WebSocket.
 *
 * @param input is all that the command may read: its input stays open, since only the latest protocol closes it
 * @param seconds is how long it may take until it begins, and from then to its end
 * @throws {@link NotRun} where that was not done
 */
export async function execute(
  connection: Connection,
  { namespace, pod, container = '' }: Place,
  command: readonly string[],
  input: string,
  seconds: number,
): Promise<Executed> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const output = Promise.all([text(stdout), text(stderr)]);
  let status: V1Status | undefined;
  let why = 'the connection was closed';
  let timer: NodeJS.Timeout | undefined;
  try {
    const end = (socket: Socket, reason: string) => {
      why = reason;
      socket.terminate();
    };
    const guarded = configFor(connection, seconds, (socket) => guard(socket, (reason) => end(socket, reason)));
    const socket = await new Exec(guarded).exec(
      namespace,
      pod,
      container,
      [...command],
      stdout,
      stderr,
      stdin,
      false,
      (given) => (status = given),
    );
    stdin.write(input);
    timer = setTimeout(() => end(socket, `no end within ${seconds} s`), seconds * 1000);
    await once(socket, 'close');
  } catch (error) {
    throw new NotRun({ namespace, pod }, whyNot(namespace, seconds, wordsOf(causeOf(error))));
  } finally {
    clearTimeout(timer);
    for (const stream of [stdout, stderr]) stream.end();
  }
  if (status === undefined) throw new NotRun({ namespace, pod }, why);
  const [out, err] = await output;
  return { status: statusOf(status), stdout: out, stderr: err || textOf(status.message) };
}

/** Ends a connection on which more comes than is wanted, or what the client does not understand and throws for. */
function guard(socket: Socket, end: (reason: string) => void): void {
  const emit = socket.emit.bind(socket);
  let size = 0;
  socket.emit = (event, ...args) => {
    if (event !== 'message') return emit(event, ...args);
    size += Buffer.byteLength(args[0] as Buffer);
    try {
      if (size <= MOST) return emit(event, ...args);
      end(`it has printed more than ${MOST / 1024 / 1024} MiB`);
    } catch {
      end('its answer is not understood');
    }
    return true;
  };
}

/**
 * The options of a request are those of the WebSocket, too, which gives up after so many seconds, and gives itself
 * before anything comes. Whoever asks is not found out again for each command: that may take a program of theirs.
 */
function configFor({ config, options }: Connection, seconds: number, begin: (socket: Socket) => void): KubeConfig {
  const finishRequest = (request: ClientRequest, socket: Socket) => {
    begin(socket);
    request.end();
  };
  const value = async (given: object) =>
    void Object.assign(given, options, { handshakeTimeout: seconds * 1000, finishRequest });
  return Object.create(config, { applyToHTTPSOptions: { value } }) as KubeConfig;
}

function whyNot(namespace: string, seconds: number, words: string): string {
  if (words === 'Opening handshake has timed out') return `no answer within ${seconds} s`;
  if (!words.endsWith(' response: 403')) return words;
  return `forbidden: whoever asks must be allowed to create and get pods/exec in the namespace ${namespace}`;
}

/** What an event of a WebSocket is about. */
function causeOf(error: unknown): unknown {
  if (error instanceof Error || typeof error !== 'object' || error === null) return error;
  return 'error' in error ? error.error : error;
}

/** The exit status that a `Status` of the API tells of. */
function statusOf({ status, details }: V1Status): number {
  if (status === 'Success') return 0;
  const { message } = listOf(details?.causes).find(({ reason }) => reason === 'ExitCode') ?? {};
  return Number(message ?? 255);
}
