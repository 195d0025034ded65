/** A line of a table of figures. */
export interface Row {
  readonly what: string;
  readonly seconds: number;
  readonly mebibytes: number;
  /** Seconds of ours over seconds of the rival of this row. */
  readonly ratio?: number;
  /** Milliseconds for each of what the row counts. */
  readonly per?: number;
  readonly target?: string;
  readonly met?: boolean;
}

/** Rows as a table in Markdown; columns that no row fills are left out. */
export function table(rows: readonly Row[]): string {
  const columns: readonly (readonly [string, (row: Row) => string | undefined])[] = [
    ['what', ({ what }) => what],
    ['s', ({ seconds }) => seconds.toFixed(3)],
    ['MiB', ({ mebibytes }) => mebibytes.toFixed(0)],
    ['ours / rival', ({ ratio }) => ratio?.toFixed(2)],
    ['target', ({ target, met }) => target && `${target}: ${met === true ? 'met' : '**missed**'}`],
    ['ms each', ({ per }) => per?.toFixed(3)],
  ];
  const filled = columns.filter(([, cell]) => rows.some((row) => cell(row) !== undefined));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(filled.map(([name]) => name)),
    line(filled.map(() => '---')),
    ...rows.map((row) => line(filled.map(([, cell]) => cell(row) ?? ''))),
  ].join('\n');
}
