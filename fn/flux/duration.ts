const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * The shortest interval, so that no object keeps the controller busy; and nine tenths of the
 * longest timer in Node. In milliseconds.
 */
const [SHORTEST, LONGEST] = [1000, 2 ** 31 * 0.9];

/** A duration in the format of Go, such as `1h30m`, in milliseconds; 0 if it is invalid. */
export function milliseconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|[smh])/g)];
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0), 0);
}

/** `spec.interval` in milliseconds, from a second to 22 days. */
export function intervalOf({ interval }: { readonly interval: string }): number {
  return Math.min(LONGEST, Math.max(SHORTEST, milliseconds(interval)));
}
