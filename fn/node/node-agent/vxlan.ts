import type { Change } from '../change.ts';
import type { Overlay } from '../config/agent-config.ts';
import { MOST_LEARNED, settle } from './bridge.ts';
import type { Link } from './link.ts';
import { foreignMark, isOurs, type Names } from './names.ts';
import type { Underlay } from './underlay.ts';

/** The VXLAN (RFC 7348) that joins the bridges of the nodes, as it has to be. */
export interface WantedVxlan {
  readonly overlay: Overlay;
  readonly underlay: Underlay;
  readonly mtu: number;
  /** Nothing leaves it to the kernel. */
  readonly ttl: number | undefined;
  readonly portGroup: string;
}

/** Why a link of that name may not be changed: it is not ours, and may not be taken for ours. */
export function vxlanFault(link: Link, names: Names): string | undefined {
  const { name, kind, master, details } = link;
  if (kind !== 'vxlan') return `${name} exists and is no VXLAN: left alone`;
  if (isOurs(link, names)) return undefined;
  const fault = foreignMark(link, names);
  if (fault !== undefined) return fault;
  if (master !== undefined && master !== names.bridge)
    return `${name} is not ours, it belongs to ${master}: left alone`;
  const isUsed = details['external'] === true || link.addresses.some(({ isLocal }) => !isLocal);
  return isUsed ? `${name} is not ours, something else uses it: left alone` : undefined;
}

/**
 * Why there can be no VXLAN of this VNI: another network's has it. The kernel knows them apart by VNI, port and IP
 * family of the underlay, and so do the other nodes.
 */
export function takenFault(links: readonly Link[], names: Names, { device, vni, port, family }: Overlay) {
  const taken = links.find(
    (link) =>
      link.kind === 'vxlan' &&
      link.name !== device &&
      !isOurs(link, names) &&
      text(link, 'id') === String(vni) &&
      text(link, 'port') === String(port) &&
      familyOf(link) === family,
  );
  if (taken === undefined) return undefined;
  const whose = taken.alias === '' ? 'which is not ours' : `whose alias is '${taken.alias}'`;
  return `VNI ${vni} on port ${port} is taken by ${taken.name}, ${whose}: left alone, another network needs another VNI`;
}

function familyOf({ details }: Link): 'IPv4' | 'IPv6' {
  return ['local6', 'group6', 'remote6'].some((key) => details[key] !== undefined) ? 'IPv6' : 'IPv4';
}

/** A value, which ip(8) has under another name where it is an IPv6 address; an empty text where there is none. */
function text({ details }: Link, key: string): string {
  const value = details[key] ?? details[`${key}6`];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** What cannot be changed on a VXLAN that exists. For a group, the kernel joins only when the link comes up. */
function identityOf(link: Link, { flooding }: Overlay): string {
  const ports = link.details['port_range'] as { readonly low?: number } | undefined;
  const values = {
    id: text(link, 'id'),
    dstport: text(link, 'port'),
    srcport: ports?.low ?? '',
    group: text(link, 'group'),
    remote: text(link, 'remote'),
    ...(flooding.type === 'Multicast' && { dev: text(link, 'link') }),
  };
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}

function wantedIdentity({ overlay, underlay }: WantedVxlan): string {
  const { vni, port, flooding } = overlay;
  const group = flooding.type === 'Multicast' ? flooding.group : '';
  const device = group === '' ? '' : ` dev=${underlay.device}`;
  return `id=${vni} dstport=${port} srcport=0 group=${group} remote=${device}`;
}

/** Deletes a VXLAN that cannot become the wanted one. */
export function replaceVxlan(link: Link, wanted: WantedVxlan): readonly Change[] {
  return identityOf(link, wanted.overlay) === wantedIdentity(wanted) ? [] : [deleteVxlan(link, wanted)];
}

export function deleteVxlan(link: Link, { overlay }: WantedVxlan): Change {
  const what = `${link.name}: VXLAN deleted, it was another: ${identityOf(link, overlay)}`;
  return { what, command: ['ip', 'link', 'del', 'dev', link.name] };
}

/** With a bound that cannot be changed later: a VXLAN of before is used as it is. */
export function createVxlan({ overlay, underlay, mtu, ttl = 0 }: WantedVxlan): Change {
  const { device, vni, port, flooding } = overlay;
  const options: Record<string, string | number> = {
    id: vni,
    dstport: port,
    local: underlay.source,
    dev: underlay.device,
    ttl,
    maxaddress: MOST_LEARNED,
    ...(flooding.type === 'Multicast' && { group: flooding.group }),
  };
  const given = Object.entries(options).flatMap(([key, value]) => [key, String(value)]);
  const command = ['ip', 'link', 'add', 'dev', device, 'mtu', String(mtu), 'type', 'vxlan', ...given, 'learning'];
  return { what: `${device}: VXLAN created`, command };
}

/** Source address, device, learning and TTL where they differ. */
export function diffVxlan(link: Link, { overlay, underlay, ttl = 0 }: WantedVxlan): readonly Change[] {
  const { learning, link: device, ttl: actual } = link.details;
  const set = [
    ...(learning === false ? ['learning'] : []),
    ...(Number(actual) === ttl ? [] : ['ttl', String(ttl)]),
    ...(device === underlay.device ? [] : ['dev', underlay.device]),
    ...(text(link, 'local') === underlay.source ? [] : ['local', underlay.source]),
  ];
  if (set.length === 0) return [];
  const command = ['ip', 'link', 'set', 'dev', link.name, 'type', 'vxlan', 'id', String(overlay.vni), ...set];
  return [{ what: `${link.name}: set ${set.join(' ')}`, command }];
}

/** What differs of what any link has. An address that is not of the link alone is somebody's purpose. */
export function settleVxlan(link: Link, { mtu, portGroup }: WantedVxlan, names: Names): readonly Change[] {
  const attributes = [
    ...(link.group === portGroup ? [] : ['group', portGroup]),
    ...(link.master === names.bridge ? [] : ['master', names.bridge]),
  ];
  const hasStray = link.addresses.some(({ isLocal }) => isLocal);
  return settle(link, mtu, names.mark, attributes, hasStray);
}
