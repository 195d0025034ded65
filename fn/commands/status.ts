import { statusOf } from '../status/status.ts';
import { formatStatus } from '../status/text.ts';
import { EXIT } from './exit.ts';
import { type NetworksOptions, networksWanted } from './networks-wanted.ts';
import { print } from './output.ts';
import { paintOfOutput } from './paint.ts';
import { type ProgramsOptions, programsTold } from './programs-told.ts';
import { watch } from './watch.ts';

/** The options of the verb. */
export interface StatusOptions extends NetworksOptions, ProgramsOptions {
  readonly output: 'text' | 'json';
  /** How long to wait before it is printed again, in seconds; once, unless given. */
  readonly watch?: number;
}

/**
 * Prints the state of one gateway network of the cluster, or of all.
 * @throws UsageError where the cluster cannot be asked, or has no such network
 */
export async function status(network: string | undefined, options: StatusOptions): Promise<void> {
  const text = async () => textOf(network, options);
  await print(await text());
  if (options.watch !== undefined) await watch(options.watch, text);
}

async function textOf(network: string | undefined, options: StatusOptions): Promise<string> {
  const { observation, networks: found } = await networksWanted(network, options);
  const told = await programsTold(found, observation, options);
  const now = Date.now();
  const networks = found.map((one) => statusOf(one, observation, now, told));
  process.exitCode = networks.every(({ ok }) => ok) ? EXIT.OK : EXIT.PROBLEMS;
  if (options.output === 'json') return `${JSON.stringify({ networks }, null, 2)}\n`;
  const paint = paintOfOutput();
  return networks.map((one) => formatStatus(one, paint, now)).join('\n');
}
