import { sleep } from '../system/clock.ts';
import { attempt, output } from '../system/command.ts';

/**
 * What only the network's bridge answers for, and only while it is connected to those of other nodes: of the node's
 * agent.
 */
export const BRIDGE_ADDRESS = '192.0.0.8';
const MAC = '02:67:77:6e:00:08';
/** How often it is asked, and how long an answer may take, in milliseconds. */
const QUESTIONS = 3;
const PATIENCE = 100;

/**
 * Whether the network's bridge answers: a router sees its own end alone, and that is up whatever the other hangs on.
 * Nobody else's answer counts.
 */
export async function bridgeAnswers(device: string): Promise<boolean> {
  for (let question = 0; question < QUESTIONS; question += 1) {
    attempt(['ip', 'neigh', 'del', BRIDGE_ADDRESS, 'dev', device]);
    attempt(['ip', 'neigh', 'add', BRIDGE_ADDRESS, 'dev', device, 'use']);
    if (hasAnswer(device)) return true;
    await sleep(PATIENCE);
    if (hasAnswer(device)) return true;
  }
  return false;
}

function hasAnswer(device: string): boolean {
  const entries = JSON.parse(output(['ip', '-j', 'neigh', 'show', BRIDGE_ADDRESS, 'dev', device]) || '[]');
  return (entries as readonly { readonly lladdr?: string }[]).some(({ lladdr }) => lladdr === MAC);
}

export function bridgeLack(device: string): string {
  return `the network's bridge does not answer: ${device} is not on it, or it is not connected to other nodes, or its node has no agent of this release yet`;
}
