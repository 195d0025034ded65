import { addressesNow } from '../routers/running.ts';
import { line } from '../routers/addresses.ts';
import { now, sleep } from '../system/clock.ts';
import { readLine } from '../system/files.ts';
import { giveUp } from './identity.ts';
import type { Settings } from './settings.ts';
import { track } from './track.ts';

/** How long keepalived may take to give the gateway's addresses up, in milliseconds. */
const PATIENCE = 1500;
/** How long the clients may take to know who has them now, in milliseconds: until then this kernel forwards. */
const ECHO = 500;

/**
 * Gives the router's addresses up where the pod may live on without being of use: one of several has another take over,
 * and a VPN's program that is not ours may take its time to end. Elsewhere the pod ends in a moment, and its kernel
 * forwards until then.
 */
export async function handOver(settings: Settings): Promise<void> {
  const { config, own, overlay } = settings;
  if (readLine(`/sys/class/net/${overlay}/address`) !== own.mac) return;
  if (config.failover !== undefined) {
    track('1');
    const gateway = config.failover.addresses.map((address) => line(overlay, address));
    const isMaster = () => {
      const there = addressesNow();
      return gateway.some((each) => there.has(each));
    };
    for (const end = now() + PATIENCE; now() < end && isMaster();) await sleep(100);
    await sleep(ECHO);
    giveUp(settings);
  } else if (config.egress.type === 'VPN' && config.wireGuard === undefined) {
    giveUp(settings);
  }
}
