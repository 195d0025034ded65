/** What a shell completes: the program, with its verbs. */
export interface Program {
  readonly flags: readonly Flag[];
  readonly verbs: readonly Verb[];
}

export interface Verb {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly Flag[];
  readonly arguments: readonly Value[];
  /** Whether the last argument may be repeated. */
  readonly takesMore: boolean;
}

export interface Flag {
  /** Such as `-o` and `--output`. */
  readonly names: readonly string[];
  readonly description: string;
  /** Nothing where it takes none. */
  readonly value?: Value;
}

/** A value of a flag, or an argument. */
export interface Value {
  readonly name: string;
  /** All that it can be; none where that is open. */
  readonly choices: readonly string[];
  readonly isPath: boolean;
}

/** The names that the program is run by: its own, and that of the plugin of kubectl. */
export const COMMANDS = ['gateway-network-fn', 'kubectl-gateway_network'];

/** The name of the function that completes. */
export const FUNCTION = '_gateway_network_fn';

export function namesOf(flags: readonly Flag[]): readonly string[] {
  return flags.flatMap(({ names }) => names);
}

/** A text in single quotes of a shell of the POSIX kind. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
