import type { RouterConfig } from '../config/router-config.ts';
import { addressOf, isIPv6, peersOf } from '../routers/own-router.ts';

type Router = RouterConfig['routers'][number];

/**
 * The id of the routers' virtual router, the same in all networks: adverts go by unicast from router to router on the
 * network's own layer 2, where there are no others, and no MAC address is made from it, since each router keeps its
 * own.
 */
const VIRTUAL_ROUTER_ID = 1;

/**
 * The interval of the active router's advertisements, in seconds. It is declared down after three to four missing ones
 * (RFC 9568, section 6.1), after 0.9 to 1.2 seconds, of the 2 that a failover may take. A router that the node does not
 * let run for so long loses the addresses for nothing; a longer interval makes that rarer, and each failover longer.
 */
const ADVERT_INTERVAL = 0.3;

/**
 * The interval in which a router announces that it could take over, in seconds. Its own priority, and that of routers
 * that notice its silence.
 */
const STANDBY_INTERVAL = 1;
const STANDBY_PRIORITY = { own: 200, others: 100 };

/**
 * The priority of the first router. Later routers have lower ones, so that of two candidates the first becomes active.
 */
const PRIORITY = 250;
const PRIORITY_STEP = 50;

/** An address that keepalived gives a router and takes from it, and the interface that has it. */
export interface MovingAddress {
  readonly address: string;
  readonly device: string;
}

/** What the active router has. */
export function movingAddresses({ failover, interface: overlay, egress }: RouterConfig): readonly MovingAddress[] {
  const on = (device: string) => (address: string) => ({ address, device });
  return failover === undefined
    ? []
    : [...failover.addresses.map(on(overlay)), ...failover.egressAddresses.map(on(egress.interface))];
}

/**
 * What is used for nothing but a sign that nothing is heard of a router: of the host itself, or to be discarded (RFC
 * 6666).
 */
export function flagOf(config: RouterConfig, router: Router): MovingAddress {
  const number = VIRTUAL_ROUTER_ID + 1 + config.routers.indexOf(router);
  return {
    address: isIPv6(addressOf(router)) ? `100::${number.toString(16)}/128` : `127.0.0.${number}/32`,
    device: 'lo',
  };
}

/** The configuration of keepalived.conf(5) of one of the routers, whose files are in a folder. */
export function keepalivedConfig(config: RouterConfig, own: Router, folder: string): string {
  return [gatewayConfig(config, own, folder), ...standbyConfig(config, own, folder)].join('');
}

/**
 * One instance for the addresses of both families and both interfaces, so they are always on one router. Its
 * advertisements contain the addresses of one family; the others are excluded from them and move along.
 *
 * It runs no scripts, for which it would have to change its groups and need CAP_SETGID: its states go to a fifo, and
 * where connections are synchronised to another, since a fifo has one reader.
 *
 * No preemption: a router that comes back does not take the addresses, because every move can break connections.
 */
function gatewayConfig(config: RouterConfig, own: Router, folder: string): string {
  const [named, ...excluded] = movingAddresses(config).map(({ address, device }) => `${address} dev ${device}`);
  return `global_defs {
${block([
  `router_id ${own.name}`,
  'vrrp_version 3',
  'vrrp_check_unicast_src',
  'vrrp_garp_master_delay 1',
  'vrrp_garp_master_repeat 3',
  'vrrp_garp_master_refresh 3',
  `notify_fifo ${folder}/notices`,
  ...(config.failover?.synchronised ? [`vrrp_notify_fifo ${folder}/states`] : []),
  'max_auto_priority -1',
])}}
track_file health {
${block([`file "${folder}/track"`, 'weight 0'])}}
vrrp_instance gateway {
${block([
  `interface ${config.interface}`,
  `virtual_router_id ${VIRTUAL_ROUTER_ID}`,
  'state BACKUP',
  'nopreempt',
  `priority ${PRIORITY - PRIORITY_STEP * config.routers.indexOf(own)}`,
  `advert_int ${ADVERT_INTERVAL}`,
  `unicast_src_ip ${addressOf(own)}`,
  ...list('unicast_peer', peersOf(config, own)),
  ...list('track_file', ['health']),
  ...list('virtual_ipaddress', named === undefined ? [] : [named]),
  ...(excluded.length > 0 ? list('virtual_ipaddress_excluded', excluded) : []),
])}}
`;
}

/**
 * How each router knows which others could take over: there is one virtual router for each of them, in which it is
 * active while keepalived runs and all its programs are ready. If it is silent, the others become active for an address
 * that is only this signal.
 */
function standbyConfig(config: RouterConfig, own: Router, folder: string): readonly string[] {
  const instances = config.routers.map((router, index) => {
    const isOwn = router === own;
    const { address, device } = flagOf(config, router);
    return `vrrp_instance ${router.name} {
${block([
  `interface ${config.interface}`,
  `virtual_router_id ${VIRTUAL_ROUTER_ID + 1 + index}`,
  'state BACKUP',
  `priority ${isOwn ? STANDBY_PRIORITY.own : STANDBY_PRIORITY.others}`,
  `advert_int ${STANDBY_INTERVAL}`,
  `unicast_src_ip ${addressOf(own)}`,
  ...list('unicast_peer', isOwn ? peersOf(config, own) : [addressOf(router)]),
  ...(isOwn ? list('track_file', ['standby']) : []),
  ...list('virtual_ipaddress', [`${address} dev ${device} scope host`]),
])}}
`;
  });
  return [`track_file standby {\n${block([`file "${folder}/standby"`, 'weight 0'])}}\n`, ...instances];
}

function list(name: string, entries: readonly string[]): readonly string[] {
  return [`${name} {`, ...entries.map((entry) => `  ${entry}`), '}'];
}

function block(lines: readonly string[]): string {
  return lines.map((each) => `  ${each}\n`).join('');
}
