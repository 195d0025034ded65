import { HANDSHAKE, STATE_DIR } from '../status/status-file.ts';
import { uptime } from '../system/clock.ts';
import { ask, output } from '../system/command.ts';
import { removeAll, replaceFile } from '../system/files.ts';
import { say, variable } from '../system/process.ts';
import type { TunnelConfig } from './config-file.ts';
import { dated, type Handshake, parseDump, type Peers } from './peers.ts';

/**
 * The age in seconds at which the keys of a handshake are no longer used (REJECT_AFTER_TIME in the paper on WireGuard,
 * section 6.1).
 */
const DEAD = Number(variable('DEAD') ?? 180);
/**
 * The age at which a handshake is late: a new one is made after 120 seconds (REKEY_AFTER_TIME) with the next packet. It
 * is then that wg's own reresolve-dns.sh looks names up again.
 */
const LATE = Number(variable('LATE') ?? 135);
/** How often names are looked up again while a handshake is late, in seconds. */
const LOOKUP_INTERVAL = Number(variable('LOOKUP_INTERVAL') ?? 15);
/** How long wg may look for names, in milliseconds. */
const PATIENCE = 10_000;

/** What was applied last: the settings, what wg then told of them, and when that was. */
let applied: { readonly settings: string; readonly configured: string | undefined } | undefined;
let appliedAt = 0;
let handshake: Handshake = { latest: 0, uptime: 0 };
/** The latest handshake that the router's program was told of. */
let told = 0;

/** What was applied is gone with its interface. */
export function forgetSettings(): void {
  removeAll(`${STATE_DIR}/${HANDSHAKE}`);
  told = 0;
  applied = undefined;
  handshake = { latest: 0, uptime: 0 };
}

/**
 * Has wg do as configured. What is as it was is not touched by syncconf, so that connections go on.
 *
 * @returns the peers, or what is wrong
 */
export async function keepSettings(device: string, { settings, endpoints }: TunnelConfig): Promise<Peers | string> {
  const stranger = `${device} is not an interface that wg knows`;
  const peers = readPeers(device);
  if (peers === undefined) return stranger;
  const isKept = applied?.settings === settings && applied.configured === peers.configured;
  // Names are looked up when settings are applied. While there is no handshake, that may be because they mean another
  // address now.
  if (isKept && !isLate(peers)) return peers;
  appliedAt = seconds();
  if (!isKept) applied = undefined;
  const { status, text } = await ask(['wg', 'syncconf', device, '/dev/stdin'], PATIENCE, {
    text: { text: settings, folder: STATE_DIR },
    environment: { WG_ENDPOINT_RESOLUTION_RETRIES: '0' },
    withErrors: true,
  });
  if (status !== 0) {
    return /not known|in name resolution|associated with hostname|^$/.test(text)
      ? `the name of the endpoint is not resolved: ${endpoints}`
      : 'wg refuses the settings (what it says about them may hold keys and is not shown)';
  }
  if (!isKept) say(`${device}: settings applied`);
  const now = readPeers(device);
  applied = { settings, configured: now?.configured };
  return now ?? stranger;
}

/** Tells the router's program of the latest handshake, and gives what is wrong with it. */
export function handshakeFault({ latest }: Peers, { endpoints }: TunnelConfig): string | undefined {
  if (latest !== told && replaceFile(`${STATE_DIR}/${HANDSHAKE}`, `${latest}\n`)) told = latest;
  if (latest === 0) return `no handshake yet with ${endpoints}`;
  const age = ageOf(latest);
  return age <= DEAD ? undefined : `the last handshake with ${endpoints} was ${age} seconds ago`;
}

function readPeers(device: string): Peers | undefined {
  const dump = output(['wg', 'show', device, 'dump']);
  return dump === undefined ? undefined : parseDump(dump);
}

function isLate({ latest }: Peers): boolean {
  return (latest === 0 || ageOf(latest) > LATE) && seconds() - appliedAt >= LOOKUP_INTERVAL;
}

function ageOf(latest: number): number {
  handshake = dated(latest, handshake, seconds(), Math.floor(Date.now() / 1000));
  return seconds() - handshake.uptime;
}

function seconds(): number {
  return Math.floor(uptime());
}
