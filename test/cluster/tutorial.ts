import { readFileSync } from 'node:fs';

/** Commands of a page that are run together, by what the page says of them in comments. */
export interface Step {
  readonly commands: string;
  /** The test that runs them. */
  readonly by?: string;
  /** The line of the page where they begin, from 1. */
  readonly line: number;
  /** What the machine of a reader has and ours has not, such as Docker: the commands are not run. */
  readonly needs?: string;
  /** Where they are run; on the machine of the reader unless given. */
  readonly on?: 'each node';
  /** The exit status of the last of them. */
  readonly status: number;
  /** What the page says that they print. */
  readonly output?: string;
  /** For how long they are run again until they print that, in seconds: they ask for what takes its time. */
  readonly within: number;
}

/** The blocks of commands of a page in order, each with the block of output that follows it. */
export function stepsOf(page: string): readonly Step[] {
  const text = readFileSync(page, 'utf8');
  const blocks = [...text.matchAll(/((?:^<!-- .* -->\n)*)^```sh\n([^]*?)^```\n(?:\n```\n([^]*?)^```\n)?/gm)];
  return blocks.map(({ index, 1: marks = '', 2: commands = '', 3: output }) => {
    const mark = (name: string) => new RegExp(`^<!-- ${name}: (.*) -->$`, 'm').exec(marks)?.[1];
    const [needs, by] = [mark('needs'), mark('run by')];
    return {
      commands,
      line: text.slice(0, index).split('\n').length,
      status: Number(mark('ends with') ?? 0),
      within: Number.parseInt(mark('prints within') ?? '0', 10),
      ...(needs !== undefined && { needs }),
      ...(by !== undefined && { by }),
      ...(mark('run in') === 'each node' && { on: 'each node' }),
      ...(output !== undefined && { output }),
    };
  });
}

/** What differs from run to run, and what stands for it when outputs are compared. */
const DIFFERS: readonly (readonly [RegExp, string])[] = [
  [/ +/g, ' '],
  [/ $/gm, ''],
  // What is dropped while a network comes up.
  [/^ \d+ [a-z]+(?:-[a-z]+)+ node.*\n?/gm, ''],
  [/\b(?:\d+(?:\.\d+)?(?:ms|s|m|h))+\b/g, 'TIME'],
  [/\b\d+(?:\.\d+)? (milliseconds|ms|s)\b/g, 'TIME'],
  [/\b[0-9a-f]{16}\b/g, 'CONFIGURATION'],
  [/(?<=\b(?:client|vpn-router-0)-)[0-9a-z]+-[0-9a-z]{5}\b/g, 'POD'],
  [/(?<=\bvpn-node-agent-)[0-9a-z]{5}\b/g, 'POD'],
  [/\b10\.244\.\d+\.\d+\b/g, 'PRIMARY'],
  [/\b192\.168\.50\.(?!0\/|1\b)\d+\b/g, 'CLIENT'],
  [/\b[1-9]\d*(?= packets\b)/g, 'MANY'],
  [/(?<=\bgateway-network-test-)[0-9a-f]{8}\b/g, 'TEST'],
  [/\bnode2, ((?:CLIENT on )?)node1\b/g, 'node1, $1node2'],
];

/** An output, without what differs from run to run. */
export function comparable(output: string): string {
  return DIFFERS.reduce((text, [pattern, word]) => text.replaceAll(pattern, word), output).trim();
}
