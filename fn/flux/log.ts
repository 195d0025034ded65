/** Writes one line of JSON a message to standard error, as Flux's controllers do. */
export interface Log {
  readonly info: (msg: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly error: (msg: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/** A log on some writer of lines. */
export function createLog(write: (line: string) => void, now: () => Date = () => new Date()): Log {
  const at =
    (level: string): Log['info'] =>
    (msg, fields) =>
      write(`${JSON.stringify({ level, ts: now().toISOString(), msg, ...fields })}\n`);
  return { info: at('info'), error: at('error') };
}
