const MIB = 1024 * 1024;

/**
 * The limits of one run, for all forms of input. Each is far above what clusters hold. Together
 * they keep the memory below 400 MiB.
 */
export const LIMITS = {
  /** All texts together, in bytes. */
  INPUT: 32 * MIB,
  /**
   * One object or list that has to be parsed as YAML, in characters. An API server accepts no
   * larger request.
   */
  OBJECT: 3 * MIB,
  /** Objects, in all texts together. */
  OBJECTS: 200_000,
  /** GatewayNetworks; each is compared with all others. */
  NETWORKS: 2000,
  /** Workloads that are or were clients of a network. */
  CLIENTS: 10_000,
  /** Values that are parsed in all texts together, as {@link weightOf} counts them. */
  WEIGHT: 4_000_000,
  /** Keys that merge keys (`<<`) may bring into one object. */
  MERGED: 100_000,
} as const;

/** What a run may still read. */
export interface Budget {
  objects: number;
  weight: number;
}

/** A budget from which nothing is used. */
export function newBudget(): Budget {
  return { objects: LIMITS.OBJECTS, weight: LIMITS.WEIGHT };
}

const [LINE_FEED, SPACE, COMMA, DASH, QUESTION, BRACKET, BRACE] = [10, 32, 44, 45, 63, 91, 123];

/**
 * The approximate number of values in a YAML or JSON text, at most. A value begins at a line, a
 * comma, a bracket or an indicator.
 */
export function weightOf(text: string): number {
  let weight = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED || code === COMMA || code === BRACKET || code === BRACE) weight += 1;
    else if ((code === DASH || code === QUESTION) && text.charCodeAt(at + 1) === SPACE) weight += 1;
  }
  return weight;
}

/** Why a text is too large to be parsed; undefined if it is not. */
export function tooLarge(text: string): string | undefined {
  if (text.length <= LIMITS.OBJECT) return undefined;
  return `must not be larger than ${mebibytes(LIMITS.OBJECT)} where it has to be parsed, and has ${mebibytes(text.length)}`;
}

/** A number of bytes as text, in MiB. */
export function mebibytes(bytes: number): string {
  return `${Math.round((bytes / MIB) * 10) / 10} MiB`;
}
