import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Exec, type KubeConfig, type V1Status } from '@kubernetes/client-node';
import type { Connection } from './connect.ts';
import type { Executed, Place } from './cluster-client.ts';
import { Refusal, wordsOf } from './refusal.ts';

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
  let isLate = false;
  try {
    const socket = await new Exec(hurried(connection, seconds)).exec(
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
    const timer = setTimeout(() => {
      isLate = true;
      socket.terminate();
    }, seconds * 1000);
    await once(socket, 'close');
    clearTimeout(timer);
  } catch (error) {
    throw new NotRun({ namespace, pod }, whyNot(namespace, seconds, wordsOf(causeOf(error))));
  } finally {
    for (const stream of [stdout, stderr]) stream.end();
  }
  if (status === undefined) {
    throw new NotRun({ namespace, pod }, isLate ? `no end within ${seconds} s` : 'the connection was closed');
  }
  const [out, err] = await output;
  return { status: statusOf(status), stdout: out, stderr: err || (status.message ?? '') };
}

/**
 * The options of a request are those of the WebSocket, too, which gives up after so many seconds. Whoever asks is not
 * found out again for each command: that may take a program of theirs.
 */
function hurried({ config, options }: Connection, seconds: number): KubeConfig {
  const value = async (given: object) => void Object.assign(given, options, { handshakeTimeout: seconds * 1000 });
  return Object.create(config, { applyToHTTPSOptions: { value } }) as KubeConfig;
}

function whyNot(namespace: string, seconds: number, words: string): string {
  if (words === 'Opening handshake has timed out') return `no answer within ${seconds} s`;
  if (!words.endsWith(' response: 403')) return words;
  return `forbidden: whoever asks must be allowed to create and get pods/exec in the namespace ${namespace}`;
}

/** What an event of a WebSocket is about. */
function causeOf(error: unknown): unknown {
  return error instanceof Error ? error : ((error as { readonly error?: unknown }).error ?? error);
}

/** The exit status that a `Status` of the API tells of. */
function statusOf({ status, details }: V1Status): number {
  if (status === 'Success') return 0;
  return Number(details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message ?? 255);
}
