import type { RouterConfig } from '../config/router-config.ts';
import { sleep } from '../system/clock.ts';
import { attempt, firstLine, type Process, start } from '../system/command.ts';
import { exists, isDevice, removeAll } from '../system/files.ts';
import { say } from '../system/process.ts';

type Implementation = NonNullable<RouterConfig['wireGuard']>['implementation'];

/** wireguard-go, where that makes the interface. It ends when its interface is deleted. */
let daemon: Process | undefined;

/** Whether the interface is there and whoever makes it lives. */
export function isThere(device: string, implementation: Implementation): boolean {
  return exists(`/sys/class/net/${device}`) && (implementation === 'Kernel' || daemon?.hasEnded() === false);
}

/** Makes the interface; gives what is wrong where that cannot be done. */
export async function makeDevice(device: string, implementation: Implementation): Promise<string | undefined> {
  return implementation === 'Kernel' ? addDevice(device) : await startDaemon(device);
}

export function removeDevice(device: string): void {
  if (!exists(`/sys/class/net/${device}`)) return;
  stopDaemon();
  attempt(['ip', 'link', 'del', device]);
  say(`${device} removed`);
}

export function stopDaemon(): void {
  daemon?.kill();
}

function addDevice(device: string): string | undefined {
  const { succeeded, answer } = attempt(['ip', 'link', 'add', device, 'type', 'wireguard']);
  if (succeeded) say(`${device} added`);
  if (succeeded) return undefined;
  return /Unknown device type|not supported/.test(answer)
    ? "the node's kernel has no WireGuard: it needs the module wireguard, or implementation Userspace"
    : `${device} cannot be added: ${firstLine(answer)}`;
}

async function startDaemon(device: string): Promise<string | undefined> {
  if (!isDevice('/dev/net/tun')) return 'there is no device /dev/net/tun';
  daemon?.kill();
  const socket = `/run/wireguard/${device}.sock`;
  // It is waited for, and a predecessor that was killed has left it.
  removeAll(socket);
  daemon = start(['wireguard-go', '-f', device], { LOG_LEVEL: 'error' });
  for (let tenths = 0; tenths < 10; tenths += 1) {
    await sleep(100);
    if (!isThere(device, 'Userspace') || !exists(socket)) continue;
    say(`${device} added by wireguard-go`);
    return undefined;
  }
  return `wireguard-go does not make ${device}: see what it says above`;
}
