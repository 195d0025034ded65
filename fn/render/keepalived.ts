import { VRRP } from '../agent/programs.ts';
import { formatAddress } from '../net/address.ts';
import { formatInterfaceAddress, type InterfaceAddress } from '../net/interface-address.ts';
import { mapAll } from '../net/non-empty.ts';
import type { FailoverPlan } from '../plan/gateway-plan.ts';
import { OVERLAY_INTERFACE } from '../plan/gateway.ts';
import type { NetworkPlan, RouterPlan } from '../plan/network-plan.ts';
import type { ConfigData } from './config-map.ts';
import { type Program, STATE_DIR } from './pod.ts';
import { ownAddress, peerAddresses, peerEnv } from './router-peers.ts';

/**
 * The id of the routers' virtual router, the same in all networks: adverts go by unicast from
 * router to router on the network's
 * own layer 2, where there are no others, and no MAC address is made from it, since each router keeps its own.
 */
const VIRTUAL_ROUTER_ID = 1;

/**
 * The interval of the active router's advertisements, in seconds. It is declared down after three to four missing
 * ones (RFC 9568, section 6.1), after 0.9 to 1.2 seconds, of the 2 that a failover may take. A router that the node
 * does not let
 * run for so long loses the addresses for nothing; a longer interval makes that rarer, and each failover longer.
 */
const ADVERT_INTERVAL = 0.3;

/**
 * The interval in which a router announces that it could take over, in seconds. Its own priority, and that of routers
 * that notice its silence.
 */
const STANDBY_INTERVAL = 1;
const STANDBY_PRIORITY = { own: 200, others: 100 };

/**
 * The priority of the first router. Later routers have lower ones, so that of two candidates the
 * first becomes active.
 */
const PRIORITY = 250;
const PRIORITY_STEP = 50;

/** The program that moves the gateway's addresses, where there are several routers. */
export function keepalivedPrograms(plan: NetworkPlan, router: RouterPlan): readonly Program[] {
  if (plan.failover.type === 'None') return [];
  return [
    {
      container: 'keepalived',
      script: VRRP.entry,
      resources: plan.resources.router,
      env: peerEnv(router),
      // VRRP is a protocol of its own, for which there are only raw sockets.
      capabilities: ['NET_ADMIN', 'NET_RAW'],
    },
  ];
}

/** Its files: the configuration of each router, and its parts. */
export function keepalivedFiles(plan: NetworkPlan): ConfigData {
  const { failover, routers } = plan;
  if (failover.type === 'None') return {};
  const configs = routers.map((router) => [
    `keepalived-${router.index}.conf`,
    keepalivedConfig(plan, failover, router),
  ]);
  const standbys = routers.map((router) => [`standby-${router.index}.conf`, standbyConfig(plan, router)]);
  return { ...Object.fromEntries([...configs, ...standbys]), ...VRRP.files };
}

/**
 * One instance for the addresses of both families and both interfaces, so they are always on one router. Its
 * advertisements contain the addresses of one family; the others are excluded from them and move along.
 *
 * It runs no scripts, for which it would have to change its groups and need CAP_SETGID: its states go to a fifo.
 *
 * No preemption: a router that comes back does not take the addresses, because every move can break connections.
 */
function keepalivedConfig(plan: NetworkPlan, failover: FailoverPlan & { type: 'VRRP' }, router: RouterPlan): string {
  const { overlay, egress, synchronised } = failover;
  const on = (device: string) => (address: InterfaceAddress) => `${formatInterfaceAddress(address)} dev ${device}`;
  const [named, ...others] = mapAll(overlay, on(OVERLAY_INTERFACE));
  const excluded = [...others, ...egress.map(on(plan.egress.interface))];
  return `global_defs {
${block([
  `router_id ${router.name}`,
  'vrrp_version 3',
  'vrrp_check_unicast_src',
  'vrrp_garp_master_delay 1',
  'vrrp_garp_master_repeat 3',
  'vrrp_garp_master_refresh 3',
  ...(synchronised ? [`vrrp_notify_fifo ${STATE_DIR}/states`] : []),
  'max_auto_priority -1',
])}}
track_file health {
${block([`file "${STATE_DIR}/track"`, 'weight 0'])}}
vrrp_instance gateway {
${block([
  `interface ${OVERLAY_INTERFACE}`,
  `virtual_router_id ${VIRTUAL_ROUTER_ID}`,
  'state BACKUP',
  'nopreempt',
  `priority ${PRIORITY - PRIORITY_STEP * router.index}`,
  `advert_int ${ADVERT_INTERVAL}`,
  `unicast_src_ip ${formatAddress(ownAddress(router))}`,
  ...list('unicast_peer', peerAddresses(plan, router).map(formatAddress)),
  ...list('track_file', ['health']),
  ...list('virtual_ipaddress', [named]),
  ...(excluded.length > 0 ? list('virtual_ipaddress_excluded', excluded) : []),
])}}
`;
}

/**
 * How each router knows which others could take over: there is one virtual router for each of them, in which it is
 * active while keepalived runs and all its programs are ready. If it is silent, the others become active for an
 * address that is only this signal.
 */
function standbyConfig(plan: NetworkPlan, router: RouterPlan): string {
  const instances = plan.routers.map((other) => {
    const isOwn = other.index === router.index;
    return `vrrp_instance ${other.name} {
${block([
  `interface ${OVERLAY_INTERFACE}`,
  `virtual_router_id ${VIRTUAL_ROUTER_ID + 1 + other.index}`,
  'state BACKUP',
  `priority ${isOwn ? STANDBY_PRIORITY.own : STANDBY_PRIORITY.others}`,
  `advert_int ${STANDBY_INTERVAL}`,
  `unicast_src_ip ${formatAddress(ownAddress(router))}`,
  ...list('unicast_peer', (isOwn ? peerAddresses(plan, router) : [ownAddress(other)]).map(formatAddress)),
  ...(isOwn ? list('track_file', ['standby']) : []),
  ...list('virtual_ipaddress', [`${flag(other)} dev lo scope host`]),
])}}
`;
  });
  return `track_file standby {
${block([`file "${STATE_DIR}/standby"`, 'weight 0'])}}
${instances.join('')}`;
}

/** An address that is used for nothing: of the host itself, or to be discarded (RFC 6666). */
function flag(router: RouterPlan): string {
  const isIPv4 = ownAddress(router).family === 'IPv4';
  return isIPv4 ? `127.0.0.${2 + router.index}/32` : `100::${(2 + router.index).toString(16)}/128`;
}

function list(name: string, entries: readonly string[]): readonly string[] {
  return [`${name} {`, ...entries.map((entry) => `  ${entry}`), '}'];
}

function block(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}\n`).join('');
}
