import { STATE_DIR } from './status/status-file.ts';
import { attempt, firstLine } from './system/command.ts';
import { replaceFile } from './system/files.ts';

/** A change that brings what there is closer to what is wanted: the last step of observe, desire, diff, apply. */
export interface Change {
  /** What it does and why, as the log has it. */
  readonly what: string;
  /** What is said of it where it fails, if that is something else. */
  readonly failure?: string;
  readonly command: readonly string[];
  /** The file that the command reads as its standard input. */
  readonly input?: string;
  /** What it reads there, where that is no file yet. */
  readonly text?: string;
  /** Whether links are as they were, as far as anybody looks at them before the next pass. */
  readonly keepsLinks?: boolean;
  /** Lines for `ip -batch`, which are tried where the command fails. */
  readonly otherwise?: string;
}

/** Makes a change. Gives nothing where that was done, and else what the command says, in one line. */
export function apply({ command, input, text, otherwise }: Change): string | undefined {
  const file = text === undefined ? input : `${STATE_DIR}/input`;
  if (text !== undefined) replaceFile(`${STATE_DIR}/input`, text);
  const { succeeded, answer } = attempt(command, file === undefined ? {} : { input: file });
  if (succeeded) return undefined;
  if (otherwise !== undefined) return apply({ what: '', command: ['ip', '-batch', '-'], text: otherwise });
  return firstLine(answer);
}
