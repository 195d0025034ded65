const MIB = 1024 * 1024;

/**
 * What is read in one run, whichever way it comes in. Each is far beyond what clusters hold, and all together stay below 400 MiB of memory.
 */
export const LIMITS = {
  /** All texts together, in bytes. */
  INPUT: 32 * MIB,
  /** One object or list whose text has to be parsed as YAML, in characters: an API server takes no request beyond that. */
  OBJECT: 3 * MIB,
  /** Objects, in all texts together. */
  OBJECTS: 200_000,
  /** GatewayNetworks, each of which is looked at beside all others. */
  NETWORKS: 2000,
  /** Workloads that are clients of a network, or were. */
  CLIENTS: 10_000,
  /** What is parsed in all texts together, as {@link weightOf} counts it. */
  WEIGHT: 4_000_000,
  /** Keys that one object may get by merges (`<<`). */
  MERGED: 100_000,
} as const;

/** What may still be read in a run. */
export interface Budget {
  objects: number;
  weight: number;
}

/** A budget of which nothing is used. */
export function newBudget(): Budget {
  return { objects: LIMITS.OBJECTS, weight: LIMITS.WEIGHT };
}

const [LINE_FEED, SPACE, COMMA, DASH, QUESTION, BRACKET, BRACE] = [10, 32, 44, 45, 63, 91, 123];

/** The upper bound of values in a text, give or take a few, in YAML and in JSON: a value begins at a line, a comma, a bracket or a dash. */
export function weightOf(text: string): number {
  let weight = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED || code === COMMA || code === BRACKET || code === BRACE) weight += 1;
    else if ((code === DASH || code === QUESTION) && text.charCodeAt(at + 1) === SPACE) weight += 1;
  }
  return weight;
}

/** Why a text is not parsed; nothing where it may be. */
export function tooLarge(text: string): string | undefined {
  if (text.length <= LIMITS.OBJECT) return undefined;
  return `must not be larger than ${mebibytes(LIMITS.OBJECT)} where it has to be parsed, and has ${mebibytes(text.length)}`;
}

/** A number of bytes for people. */
export function mebibytes(bytes: number): string {
  return `${Math.round((bytes / MIB) * 10) / 10} MiB`;
}
