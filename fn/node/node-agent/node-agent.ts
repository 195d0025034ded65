import { begin, STATE_DIR } from '../status/status-file.ts';
import { sleep } from '../system/clock.ts';
import { makeFolder } from '../system/files.ts';
import { exit, onSignal, say } from '../system/process.ts';
import { Agent, INTERVAL } from './agent.ts';
import { Journal } from './journal.ts';
import { NodeState } from './node.ts';
import { Primaries } from './primaries.ts';
import { agentReport } from './report.ts';
import { RuleSets } from './rule-sets.ts';
import { type Settings, settingsReader } from './settings.ts';
import { takeDown } from './take-down.ts';
import { Tenure } from './tenure.ts';

/** What the agent writes to files beside its status and its peers. */
const WRITTEN = [
  'input',
  'questions',
  'ip.questions',
  'bridge.questions',
  'rules.nft',
  'overlay.nft',
  'ports.nft',
  'primary.nft',
  'believed',
];

/** What an earlier agent may have left of them. */
const LEFTOVERS = [...WRITTEN, ...[...WRITTEN, 'peers'].map((name) => `${name}.new`)];

/**
 * Keeps the bridge, the VXLAN and the packet filter rules of one gateway network on a node.
 *
 * - `run` makes the wanted state and keeps it: every INTERVAL seconds and when a link, an address, a peer or a rule
 *   changes.
 * - `down` removes what is ours, unless pods are attached to the bridge.
 * - `report` prints how it is, and what its rules have dropped, as {@link agentReport} has it.
 *
 * HOST_IP is the node's address as Kubernetes knows it, POD_NAME the pod's name, POD_NAMESPACE its namespace. Needs
 * NET_ADMIN in the node's network namespace, and NET_RAW too where it manages iptables-legacy.
 */
export async function main(verb: string): Promise<void> {
  if (verb === 'down') down();
  else if (verb === 'report') say(JSON.stringify(agentReport()));
  else await run();
}

async function run(): Promise<void> {
  const reporter = begin('status', LEFTOVERS);
  const read = settingsReader();
  let agent: Agent | undefined;
  const leave = () => (agent === undefined ? exit(0) : void agent.leave());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) onSignal(signal, leave);
  const settings = await usable(read, (fault) => reporter.report({ faults: [fault], notes: [] }));
  agent = new Agent(settings, read, reporter);
  await agent.run();
}

/** Waits for settings that can be used. */
async function usable(read: ReturnType<typeof settingsReader>, tell: (fault: string) => void): Promise<Settings> {
  for (;;) {
    const { settings, fault = '' } = read();
    if (settings !== undefined && fault === '') return settings;
    tell(fault);
    await sleep(INTERVAL * 1000);
  }
}

function down(): never {
  const { settings, fault } = settingsReader()();
  if (settings === undefined || fault !== undefined) {
    say(fault ?? '');
    exit(1);
  }
  makeFolder(STATE_DIR);
  const { names } = settings;
  const node = new NodeState([names.bridge, names.entry, names.vxlan]);
  const journal = new Journal(() => node.forget());
  const rules = new RuleSets(INTERVAL);
  takeDown(settings, { node, journal, tenure: new Tenure(node, journal), rules, primaries: new Primaries(rules) });
  for (const line of journal.faults) say(line);
  exit(journal.faults.length === 0 ? 0 : 1);
}
