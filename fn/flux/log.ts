/** Writes each message as one line of JSON to standard error, like Flux's controllers. */
export interface Log {
  readonly info: (msg: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly error: (msg: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/** A log that passes its lines to `write`. */
export function createLog(write: (line: string) => void, now: () => Date = () => new Date()): Log {
  const at =
    (level: string): Log['info'] =>
    (msg, fields) =>
      write(`${JSON.stringify({ level, ts: now().toISOString(), msg, ...fields })}\n`);
  return { info: at('info'), error: at('error') };
}
