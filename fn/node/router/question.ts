import { STATE_DIR } from '../status/status-file.ts';
import { now, sleep } from '../system/clock.ts';
import { attempt, json } from '../system/command.ts';
import { BRIDGE_ADDRESS } from './bridge.ts';
import { answersOf } from './answers.ts';
import type { Settings } from './settings.ts';

/** How long an answer may take, in milliseconds, and how many questions in a row that nobody answers count. */
const PATIENCE = 100;
const SILENCE = 3;
/**
 * How long it is asked at most, in milliseconds: an agent has to attach the port first, and nothing is heard before
 * that. By what tells that it has: the bridge's answer, the time that it takes, or that there is no agent.
 */
const MOST = { bridge: 2000, agent: 1000, nobody: 400 };

/** What comes of asking: `unsure` where not even the bridge answers. */
export type Outcome = 'answered' | 'silent' | 'unsure';

/**
 * Asks the neighbours whether another instance of this router has its addresses on the network: with the MAC address
 * that this pod was made with, so that the other loses nothing.
 */
export async function askNeighbours({ config, own, overlay }: Settings): Promise<Outcome> {
  const targets = own.addresses.map((address) => address.replace(/\/.*/, ''));
  const end = now() + MOST[config.bridgeAnswers ? 'bridge' : config.hasAgents ? 'agent' : 'nobody'];
  let silent = 0;
  while (now() < end && silent < SILENCE) {
    const neighbours = await ask(overlay, config.bridgeAnswers ? [...targets, BRIDGE_ADDRESS] : targets);
    if (targets.some((address) => neighbours.has(address))) return 'answered';
    if (silent > 0 || neighbours.has(BRIDGE_ADDRESS)) silent += 1;
  }
  return silent < SILENCE && config.bridgeAnswers ? 'unsure' : 'silent';
}

/** Asks who has some addresses, and gives those that somebody has. */
async function ask(device: string, addresses: readonly string[]): Promise<ReadonlySet<string>> {
  // Nobody else is known on an interface without addresses. What is to be deleted and is not there would end all.
  const lines = addresses.map((address) => `neigh replace ${address} dev ${device} use\n`);
  const text = `neigh flush dev ${device}\n${lines.join('')}`;
  attempt(['ip', '-force', '-batch', '-'], { text: { text, folder: STATE_DIR } });
  await sleep(PATIENCE);
  return answersOf(json(['ip', '-j', 'neigh', 'show', 'dev', device]));
}
