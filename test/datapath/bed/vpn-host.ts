import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { type Namespace, run } from '../../agent/namespace.ts';
import { waitUntil } from '../image/wait.ts';
import { addHost, type Underlay } from './underlay.ts';

/**
 * Where VPN servers run: a host on the internet that sends what comes out of a tunnel on with its
 * own source address.
 */
export interface VpnHost {
  readonly namespace: Namespace;
  /** A folder for keys and logs. */
  readonly directory: string;
}

/** A VPN server. It does not run until it is started, and it keeps its keys and clients when it is started again. */
export interface VpnServer {
  readonly port: number;
  /** The configuration of each client, as a provider gives it. */
  readonly clients: readonly string[];
  /** Returns when it can be reached. */
  readonly start: () => void;
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
}

/** The addresses of the host. */
export const VPN = { IPv4: '203.0.113.20', IPv6: '2001:db8::20' } as const;

/** Makes it, with a folder of its own in another. */
export function createVpnHost({
  underlay,
  directory,
}: {
  readonly underlay: Underlay;
  readonly directory: string;
}): VpnHost {
  const namespace = addHost(underlay.fabric, underlay.mtu, 'vpn', VPN);
  run(
    namespace,
    `sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
     nft 'table inet vpn { chain postrouting { type nat hook postrouting priority srcnat; oifname "eth0" masquerade; }; }'`,
  );
  return { namespace, directory: mkdtempSync(`${directory}/vpn-`) };
}

/** A program of a server that can be started again. */
export interface Daemon {
  readonly start: (isUp: () => boolean) => void;
  readonly end: VpnServer['end'];
}

export function daemon({ namespace }: VpnHost, command: readonly string[]): Daemon {
  let process: ChildProcess | undefined;
  return {
    start: (isUp) => {
      process = spawn('ip', ['netns', 'exec', namespace, ...command], { stdio: 'ignore' });
      if (!waitUntil(isUp, 10_000)) throw new Error(`${command.join(' ')} does not start`);
    },
    end: async (signal) => {
      if (!process || process.exitCode !== null || process.signalCode !== null) return;
      process.kill(signal);
      await once(process, 'exit');
    },
  };
}
