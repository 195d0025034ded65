import { AGENT_CONFIG } from '../config/agent-config.ts';
import type { ProgramReport } from '../config/report.ts';
import { configurationReader } from '../configuration.ts';
import { reported } from '../status/drops.ts';
import { lastState } from '../status/status-file.ts';
import { output } from '../system/command.ts';
import { destinations, parseEntries } from './entries.ts';
import { dropsOfRunningAgent } from './rule-sets.ts';

/** How the agent is that runs in this container. Nothing is changed, and none of its files is written. */
export function agentReport(): ProgramReport {
  const { overlay } = configurationReader(AGENT_CONFIG)().configuration?.config ?? {};
  const isUnicast = overlay !== undefined && overlay.flooding.type !== 'Multicast';
  return {
    ...lastState('status'),
    drops: reported(dropsOfRunningAgent()),
    ...(isUnicast && { peers: peersOf(overlay.device) }),
  };
}

function peersOf(device: string): number {
  const text = output(['bridge', '-j', 'fdb', 'show', 'dev', device, 'state', 'static']) ?? '';
  return destinations(parseEntries(text)).length;
}
