/** What a look at everything has found. */
export interface Findings {
  /** What keeps the program from being ready. */
  readonly faults: readonly string[];
  /** What is worth knowing of what is ready all the same. */
  readonly notes: readonly string[];
}

/** What a program says of itself, in one line. */
export function stateOf({ faults, notes }: Findings): string {
  return faults.length > 0 ? `not ready: ${faults.join('; ')}` : ['ready', ...new Set(notes)].join('; ');
}

/** What a status file holds. */
export interface Report {
  /** When it was written, in seconds of the machine's uptime. */
  readonly since: number;
  readonly state: string;
  /** The fingerprint of the configuration that the program runs; nothing where it has none yet. */
  readonly configuration: string | undefined;
}

/** The text of a status file: two lines, of which the second is missing where no configuration is run. */
export function formatReport({ since, state, configuration }: Report): string {
  return `${since} ${state}\n${configuration === undefined ? '' : `configuration ${configuration}\n`}`;
}

/** Reads a status file; nothing where it is none, or from the future as after the machine was started again. */
export function parseReport(text: string, uptime: number): Report | undefined {
  const [, digits, state = '', configuration] =
    /^(0|[1-9]\d{0,11}) (.*)\n(?:configuration ([\da-f]+)\n)?$/.exec(text) ?? [];
  const since = Number(digits);
  return digits === undefined || since > uptime + 1 ? undefined : { since, state, configuration };
}
