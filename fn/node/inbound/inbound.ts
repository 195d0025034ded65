import { apply } from '../change.ts';
import { CONFIG_DIR, readConfiguration } from '../configuration.ts';
import { INBOUND_CONFIG } from '../config/inbound-config.ts';
import { Misfit } from '../config/shape.ts';
import { attempt, json } from '../system/command.ts';
import { exists } from '../system/files.ts';
import { exit, say } from '../system/process.ts';
import { type FamilyOption, type Observed, QUERIES, routeChanges, ruleChanges, TABLE } from './routes.ts';

/**
 * Makes a client of a gateway network answer on its primary interface what comes in there, and nothing else. Runs once,
 * before the pod's containers; what it sets stays with the pod's network namespace. Running it again changes nothing.
 * Needs NET_ADMIN.
 *
 * The rules come first: they keep new connections from leaving by the primary interface. Then everything that is sent
 * from an address of that interface is routed by a table with the interface's own routes, the default route among them;
 * that is where the answers to inbound connections are routed, and where the kernel looks for the way back when it
 * filters by reverse path (rp_filter).
 */
export function main(): void {
  const rules = `${CONFIG_DIR}/rules.nft`;
  if (!exists(rules)) die(`rules.nft cannot be read in ${CONFIG_DIR}`);
  const device = primaryInterface();
  const { succeeded, answer } = attempt(['nft', '-f', rules]);
  if (!succeeded) die(`${answer}\nthe rules do not load`);
  if (!attempt(['ip', 'link', 'show', 'dev', device]).succeeded) die(`there is no interface ${device}`);
  for (const family of ['-4', '-6'] as const) route(family, device);
}

function primaryInterface(): string {
  try {
    return readConfiguration(INBOUND_CONFIG).config.interface;
  } catch (error) {
    if (error instanceof Misfit) die(error.message);
    throw error;
  }
}

function route(family: FamilyOption, device: string): void {
  const observed = observe(family, device);
  for (const change of routeChanges(family, device, observed)) {
    const fault = apply(change);
    if (fault !== undefined) die(`cannot route ${change.what}: ${fault}`);
  }
  for (const change of ruleChanges(family, observed)) {
    const fault = apply(change);
    if (fault !== undefined) die(`cannot route ${change.what} by table ${TABLE}: ${fault}`);
    say(`${change.what} is routed by ${device}`);
  }
}

function observe(family: FamilyOption, device: string): Observed {
  const ask = (query: readonly string[]) => json(['ip', '-j', family, ...query]) ?? [];
  const links = ask(QUERIES.addresses(device)) as readonly { addr_info?: readonly { local?: string }[] }[];
  return {
    routes: ask(QUERIES.routes(device)) as Observed['routes'],
    addresses: links.flatMap(({ addr_info: found = [] }) => found.flatMap(({ local }) => local ?? [])),
    rules: ask(QUERIES.rules()) as Observed['rules'],
  };
}

function die(message: string): never {
  say(message);
  exit(1);
}
