import { STATE_DIR } from '../status/status-file.ts';
import { now, sleep } from '../system/clock.ts';
import { attempt, listen, type Process } from '../system/command.ts';
import { removeAll } from '../system/files.ts';
import { say } from '../system/process.ts';
import { announceAgain, interfaceState } from './attachment.ts';
import { hearing, loadRules } from './hearing.ts';
import { formerMac, type Instance } from './instance.ts';
import { askingRules, listeningRules, tellingCommand } from './instance-rules.ts';
import { askNeighbours, type Outcome } from './question.ts';
import type { Settings } from './settings.ts';
import { thisInstance } from './this-instance.ts';
import { track } from './track.ts';
import { whyToWait } from './verdict.ts';

/** How soon one that tells nothing any more tells again, in milliseconds. */
const AGAIN = 1000;

const others = hearing();
let instance: Instance | undefined;
/** When another was first seen that has the addresses. */
let since: number | undefined;
let isAsking = false;
/** What came of the last question, and when that was if nobody has looked at it yet. */
let answer: Outcome = 'unsure';
let askedAt = -Infinity;
let telling: Process | undefined;

/**
 * Why this router must not have its addresses now: another instance of it has them. Nothing where it has them, or may
 * take them. One that has them and hears of a younger one that has them gives them up.
 */
export async function whyNot(settings: Settings): Promise<string | undefined> {
  const { config, own, overlay } = settings;
  const state = interfaceState(overlay);
  if (state === undefined) return undefined;
  const isHeld = state.mac === own.mac;
  instance ??= thisInstance(isHeld ? undefined : state.mac);
  hear(settings);
  if (isHeld && !others.hears('younger')) {
    // For whoever takes the other for it still.
    if (others.hears('older')) announceAgain();
    return undefined;
  }
  if (isHeld) giveUp(settings);
  else if (!state.isUp) attempt(['ip', 'link', 'set', 'dev', overlay, 'up']);
  ask(settings);
  const outcome = now() - askedAt < AGAIN ? answer : await look(settings);
  const signs = {
    isAnswered: outcome === 'answered',
    hearsYounger: others.hears('younger'),
    // One that has just ended may have told before: who answers nothing any more has nothing.
    hearsOlder: outcome === 'unsure' && others.hears('older'),
  };
  askedAt = -Infinity;
  if (Object.values(signs).includes(true)) since ??= now();
  const waited = (now() - (since ?? now())) / 1000;
  const why = whyToWait(signs, waited, config.routers.indexOf(own));
  if (why !== undefined) return why;
  if (since !== undefined) say(`taking the addresses, after ${Math.round(waited)} seconds`);
  since = undefined;
  endAsking();
  return undefined;
}

export function isWaiting(): boolean {
  return since !== undefined;
}

/** Waits until something may have changed for a router that waits for another. */
export async function untilAnother(settings: Settings, end: number): Promise<void> {
  while (now() < end && (await look(settings)) === 'answered') await sleep(100);
  askedAt = now();
}

async function look(settings: Settings): Promise<Outcome> {
  answer = await askNeighbours(settings);
  return answer;
}

/** Tells other instances that this one has the addresses. */
export function keepTelling(settings: Settings): void {
  if (telling !== undefined || instance === undefined) return;
  const child = listen(tellingCommand(settings, instance.stamp), {
    onLines: () => undefined,
    onEnd: () => void sleep(AGAIN).then(() => (telling = telling === child ? undefined : telling)),
  });
  telling = child;
}

/** Whether a younger instance has told that it has the addresses, which this one has as well. */
export function isSucceeded(settings: Settings): boolean {
  if (telling === undefined) return false;
  hear(settings);
  return others.hears('younger');
}

/** Takes the router's addresses and its MAC address away from this pod. */
export function giveUp({ config, own, overlay, egress }: Settings): void {
  if (instance === undefined) return;
  if (config.failover) track('1');
  // The tunnel's program looks anew where it has said nothing yet, and is not to have the tunnel either.
  removeAll(`${STATE_DIR}/wireguard.status`);
  telling?.kill();
  telling = undefined;
  const on = (device: string) => (address: string) => `addr del ${address} dev ${device}\n`;
  const addresses = [
    ...[...own.addresses, ...(config.failover?.addresses ?? [])].map(on(overlay)),
    ...[...own.egressAddresses, ...(config.failover?.egressAddresses ?? [])].map(on(egress)),
  ];
  const text = `${addresses.join('')}link set dev ${overlay} address ${formerMac(instance)}\n`;
  attempt(['ip', '-force', '-batch', '-'], { text: { text, folder: STATE_DIR } });
  say('this instance has given up the addresses of the router');
}

/** Looks at what has been heard since the last time. */
function hear(settings: Settings): void {
  others.look(listeningRules(settings, instance?.stamp ?? ''));
}

function ask(settings: Settings): void {
  if (isAsking) return;
  loadRules(askingRules(settings));
  isAsking = true;
}

function endAsking(): void {
  attempt(['nft', 'add table arp gateway_question; delete table arp gateway_question']);
  isAsking = false;
}
