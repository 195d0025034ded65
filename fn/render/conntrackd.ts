import { CONNECTIONS } from '../agent/programs.ts';
import { type Address, formatAddress } from '../net/address.ts';
import { OVERLAY_INTERFACE } from '../plan/gateway.ts';
import type { NetworkPlan, RouterPlan } from '../plan/network-plan.ts';
import type { ConfigData } from './config-map.ts';
import { type Program, STATE_DIR } from './pod.ts';
import { CONNECTION_SYNC_PORT } from './router-own-rules.ts';
import { ownAddress, peerAddresses, peerEnv } from './router-peers.ts';

const LOOPBACK: readonly Address[] = [
  { family: 'IPv4', value: 0x7f000001n },
  { family: 'IPv6', value: 1n },
];

/** The program that copies connections to the other router, where they must survive a failover. */
export function conntrackdPrograms(plan: NetworkPlan, router: RouterPlan): readonly Program[] {
  if (!isSynchronised(plan)) return [];
  return [
    {
      container: 'connections',
      script: CONNECTIONS.entry,
      resources: plan.resources.router,
      env: peerEnv(router),
    },
  ];
}

/** Its files: the configuration of each router, and its parts. */
export function conntrackdFiles(plan: NetworkPlan): ConfigData {
  if (!isSynchronised(plan)) return {};
  const configs = plan.routers.map((router) => [`conntrackd-${router.index}.conf`, conntrackdConfig(plan, router)]);
  return { ...Object.fromEntries(configs), ...CONNECTIONS.files };
}

function isSynchronised({ failover }: NetworkPlan): boolean {
  return failover.type === 'VRRP' && failover.synchronised;
}

/**
 * Messages are numbered and repeated until they arrive (FTFW). The other router's connections are kept outside the
 * kernel until the addresses move here, because the kernel would end connections without packets.
 *
 * A connection is identified by its two endpoints. Those of the routers themselves are not shared.
 */
function conntrackdConfig(plan: NetworkPlan, router: RouterPlan): string {
  const own = ownAddress(router);
  return `Sync {
  Mode FTFW {
    StartupResync Yes
  }
  UDP {
    ${own.family}_address ${formatAddress(own)}
${peerAddresses(plan, router)
  .map((peer) => `    ${peer.family}_Destination_Address ${formatAddress(peer)}\n`)
  .join('')}\
    Port ${CONNECTION_SYNC_PORT}
    Interface ${OVERLAY_INTERFACE}
    Checksum on
  }
}
General {
  Systemd Off
  LogFile Off
  Syslog Off
  LockFile ${STATE_DIR}/conntrackd.lock
  UNIX {
    Path ${STATE_DIR}/conntrackd.ctl
  }
  NetlinkBufferSize 2097152
  NetlinkBufferSizeMaxGrowth 8388608
  NetlinkOverrunResync On
  NetlinkEventsReliable On
  Filter From Userspace {
    Address Ignore {
${routersOwn(plan)
  .map((address) => `      ${address.family}_address ${formatAddress(address)}\n`)
  .join('')}    }
  }
}
`;
}

/** The addresses of the routers' own connections; the shared address of the clients is not one of them. */
function routersOwn({ routers, subnets }: NetworkPlan): readonly Address[] {
  const own = routers.flatMap(({ addresses, egressAddresses }) => [...addresses, ...egressAddresses]);
  return [...LOOPBACK, ...subnets.map(({ gateway }) => gateway), ...own];
}
