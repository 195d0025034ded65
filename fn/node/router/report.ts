import type { ProgramReport } from '../config/report.ts';
import { ROUTER_CONFIG } from '../config/router-config.ts';
import { configurationReader } from '../configuration.ts';
import { dropsIn, reported } from '../status/drops.ts';
import { HANDSHAKE, lastState, STATE_DIR } from '../status/status-file.ts';
import { json, output } from '../system/command.ts';
import { readLine } from '../system/files.ts';
import { leavingAddresses, type ShownLink } from './leaving.ts';

/** How the router is that runs in this pod. Nothing is changed. */
export function routerReport(): ProgramReport {
  const { egress, wireGuard } = configurationReader(ROUTER_CONFIG)().configuration?.config ?? {};
  const listing = output(['nft', 'list', 'table', 'inet', 'gateway']) ?? '';
  const handshake = wireGuard && Number(readLine(`${STATE_DIR}/${HANDSHAKE}`) ?? 0);
  return {
    ...lastState('status'),
    drops: reported(dropsIn(listing, 'gateway')),
    ...(egress && { egress: { interface: egress.interface, addresses: addressesAt(egress.interface, listing) } }),
    // Both by the same clock: whoever asks may have another.
    ...(handshake && { handshakeAge: Math.max(0, Math.floor(Date.now() / 1000) - handshake) }),
  };
}

function addressesAt(device: string, listing: string): readonly string[] {
  const [link] = (json(['ip', '-j', 'addr', 'show', 'dev', device]) ?? []) as readonly ShownLink[];
  return leavingAddresses(listing, device, link);
}
