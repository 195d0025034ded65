import { CONNECTION_SYNC_PORT } from '../config/packets.ts';
import type { RouterConfig } from '../config/router-config.ts';
import { addressOf, isIPv6, peersOf } from '../routers/own-router.ts';

const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * The configuration of conntrackd.conf(5) of one of the routers, whose files are in a folder.
 *
 * Messages are numbered and repeated until they arrive (FTFW). The other router's connections are kept outside the
 * kernel until the addresses move here, because the kernel would end connections without packets.
 *
 * A connection is identified by its two endpoints. Those of the routers themselves are not shared.
 */
export function conntrackdConfig(config: RouterConfig, own: RouterConfig['routers'][number], folder: string): string {
  const address = addressOf(own);
  return `Sync {
  Mode FTFW {
    StartupResync Yes
  }
  UDP {
    ${family(address)}_address ${address}
${peersOf(config, own)
  .map((peer) => `    ${family(peer)}_Destination_Address ${peer}\n`)
  .join('')}\
    Port ${CONNECTION_SYNC_PORT}
    Interface ${config.interface}
    Checksum on
  }
}
General {
  Systemd Off
  LogFile Off
  Syslog Off
  LockFile ${folder}/conntrackd.lock
  UNIX {
    Path ${folder}/conntrackd.ctl
  }
  NetlinkBufferSize 2097152
  NetlinkBufferSizeMaxGrowth 8388608
  NetlinkOverrunResync On
  NetlinkEventsReliable On
  Filter From Userspace {
    Address Ignore {
${routersOwn(config)
  .map((each) => `      ${family(each)}_address ${each}\n`)
  .join('')}    }
  }
}
`;
}

/** The addresses of the routers' own connections; the shared address of the clients is not one of them. */
function routersOwn({ routers, gateways }: RouterConfig): readonly string[] {
  const own = routers.flatMap(({ addresses, egressAddresses }) => [...addresses, ...egressAddresses]);
  return [...LOOPBACK, ...gateways, ...own.map((each) => each.replace(/\/.*/, ''))];
}

function family(address: string): string {
  return isIPv6(address) ? 'IPv6' : 'IPv4';
}

/**
 * What conntrackd is told when a router becomes something else (conntrackd(8)).
 *
 * A master makes what it knows of the other's connections its kernel's, forgets it, reads the kernel's anew and tells
 * the other of all. Any other lets the kernel's end soon, and asks the other for what it knows.
 */
export function commandsFor(state: string): readonly string[] {
  switch (state) {
    case 'MASTER':
      return ['-c', '-f', '-R', '-B'];
    case 'BACKUP':
      return ['-t', '-n'];
    case 'FAULT':
      return ['-t'];
    default:
      return [];
  }
}
