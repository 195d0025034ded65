import * as os from 'qjs:os';
import * as std from 'qjs:std';
import { type Process, wait, watched } from './child.ts';

export type { Process } from './child.ts';

/** What a command says when it is run for its effect. */
export interface Attempt {
  readonly succeeded: boolean;
  /** All that it has printed, errors too, without the last end of a line. */
  readonly answer: string;
}

/** What a command is given beside its arguments. */
export interface Given {
  /** The file that it reads as its standard input; nothing unless given. */
  readonly input?: string;
  /**
   * Its standard input as a text, in a file of a folder that has no name by the time it is written: nobody else reads
   * it.
   */
  readonly text?: { readonly text: string; readonly folder: string };
  /** Variables beside those of this program. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a command for what it prints; nothing where it fails. What it says of errors is not shown. */
export function output(command: readonly string[], given: Given = {}): string | undefined {
  const { status, text } = run(command, given, false);
  return status === 0 ? text : undefined;
}

/** Runs a command for the JSON that it prints; nothing where it fails. */
export function json(command: readonly string[]): unknown {
  const text = output(command);
  return text === undefined || text === '' ? undefined : (JSON.parse(text) as unknown);
}

/** Runs a command for its effect. */
export function attempt(command: readonly string[], given: Given = {}): Attempt {
  const { status, text } = run(command, given, true);
  return { succeeded: status === 0, answer: text.trimEnd() };
}

/** The first line of an answer, for messages. */
export function firstLine(answer: string): string {
  return answer.split('\n')[0] ?? '';
}

/**
 * Waits for the end of a command. What it is given is a file and what it prints is read at once, so that none waits for
 * the other.
 */
function run(command: readonly string[], given: Given, withErrors: boolean) {
  const { pid, from } = launch(command, given, withErrors);
  const reader = std.fdopen(from, 'r');
  const text = reader?.readAsString() ?? '';
  reader?.close();
  return { status: wait(pid), text };
}

/** Starts a command whose output is read from a pipe. */
function launch(command: readonly string[], given: Given, withErrors: boolean): { pid: number; from: number } {
  const [from, to] = pipe();
  const stdin = standardInput(given);
  const nowhere = withErrors ? -1 : os.open('/dev/null', os.O_RDWR);
  const pid = os.exec(command, {
    block: false,
    stdin: stdin.descriptor,
    stdout: to,
    stderr: withErrors ? to : nowhere,
    ...environmentOf(given),
  });
  os.close(to);
  stdin.close();
  if (nowhere >= 0) os.close(nowhere);
  return { pid, from };
}

function standardInput({ input = '/dev/null', text }: Given): { descriptor: number; close: () => void } {
  if (text === undefined) {
    const descriptor = os.open(input, os.O_RDONLY);
    return { descriptor, close: () => os.close(descriptor) };
  }
  // Programs of other containers do the same in the same folder, by the same process ids.
  const path = `${text.folder}/input-${Math.random()}`;
  const descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600);
  os.remove(path);
  const file = std.fdopen(descriptor, 'w+');
  if (file === null) throw new Error(`${text.folder} cannot be written to`);
  file.puts(text.text);
  file.seek(0, std.SEEK_SET);
  return { descriptor, close: () => file.close() };
}

function environmentOf({ environment }: Given): { readonly env?: Record<string, string> } {
  return environment === undefined ? {} : { env: { ...std.getenviron(), ...environment } };
}

function pipe(): readonly [number, number] {
  const ends = os.pipe();
  if (ends === null) throw new Error('no pipe can be made');
  return ends;
}

/** Starts a command that goes on beside this program and says what it has to say in its log. */
export function start(command: readonly string[], environment?: Readonly<Record<string, string>>): Process {
  return watched(os.exec(command, { block: false, ...environmentOf(environment ? { environment } : {}) }));
}

/** The most bytes that are read, and made a text of, at once. */
const CHUNK = 16 * 1024;

/** What is done with what a command prints, while it runs. */
export interface Listener {
  /** Whole lines, each with its end. Characters other than ASCII are bytes. */
  readonly onLines: (text: string) => void;
  readonly onEnd?: (status: number) => void;
  /** Whether what it says of errors is read as well; else nobody sees it. */
  readonly withErrors?: boolean;
  /** For how long lines are gathered after some were read, in milliseconds: to read each alone costs more. */
  readonly pause?: number;
}

/** Starts a command whose lines are events. */
export function listen(command: readonly string[], listener: Listener, given: Given = {}): Process {
  const { onLines, onEnd, withErrors = false, pause = 0 } = listener;
  const { pid, from } = launch(command, given, withErrors);
  const child = watched(pid);
  readLines(from, onLines, { pause, onEnd: () => onEnd?.(child.wait()) });
  return child;
}

/**
 * Reads what others write to a FIFO. It is open for writing as well, so that it is not at its end where nobody else
 * writes.
 */
export function readFifo(path: string, onLines: Listener['onLines']): void {
  readLines(os.open(path, os.O_RDWR), onLines);
}

/** Reads lines as they come until there are no more. */
function readLines(
  descriptor: number,
  onLines: Listener['onLines'],
  { pause = 0, onEnd }: { readonly pause?: number; readonly onEnd?: () => void } = {},
): void {
  const buffer = new ArrayBuffer(CHUNK);
  let rest = '';
  const read = () => {
    const length = os.read(descriptor, buffer, 0, CHUNK);
    // A negative number is an error: a signal may have come in between.
    if (length < 0) return;
    if (length > 0) {
      const text = rest + String.fromCharCode(...new Uint8Array(buffer, 0, length));
      const end = text.lastIndexOf('\n') + 1;
      rest = text.slice(end);
      if (end > 0) onLines(text.slice(0, end));
      // Where there is so much to read, the command must not have to wait.
      if (pause > 0 && length < CHUNK) gather();
      return;
    }
    os.setReadHandler(descriptor, null);
    os.close(descriptor);
    onEnd?.();
  };
  const gather = () => {
    os.setReadHandler(descriptor, null);
    os.setTimeout(() => os.setReadHandler(descriptor, read), pause);
  };
  os.setReadHandler(descriptor, read);
}

/** What a command that ran beside this program has printed, and how it has ended. */
export interface Outcome {
  readonly status: number;
  readonly text: string;
}

/** Runs a command beside this program, for so many milliseconds at most. */
export function ask(
  command: readonly string[],
  patience: number,
  { withErrors = false, ...given }: Given & Pick<Listener, 'withErrors'> = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    let text = '';
    const onEnd = (status: number) => {
      os.clearTimeout(timer);
      resolve({ status, text });
    };
    const child = listen(command, { onLines: (lines) => (text += lines), onEnd, withErrors }, given);
    const timer = os.setTimeout(() => child.kill('SIGKILL'), patience);
  });
}
