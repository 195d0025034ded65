/** The title of what is skipped for want of something; the bare title where nothing is missing. */
export function titleNeeding(title: string, missing: readonly string[]): string {
  return missing.length === 0 ? title : `${title} (needs ${[...new Set(missing)].join(', ')})`;
}

/** What is missing, by such a title. */
export function missingBy(title: string): readonly string[] {
  return / \(needs ([^()]+)\)$/.exec(title)?.[1]?.split(', ') ?? [];
}
