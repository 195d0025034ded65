import type { Family } from '../../net/address.ts';
import type { Report } from '../status/findings.ts';

// What is looked at and cannot be put right from here. Each gives what is wrong, or nothing.

/** How old the last report of another program of the pod may be, in seconds: it makes one every five at least. */
const LATE = 20;

type Aged = Report & { readonly age: number };

/** @param carrier what /sys has of it: nothing where there is no such interface */
export function linkFault(name: string, isThere: boolean, carrier: string | undefined): string | undefined {
  if (!isThere) return `waiting for the interface ${name}`;
  return carrier === '1' ? undefined : `the interface ${name} is down, or what it is connected to is`;
}

/** The file of /proc/sys by which a family is forwarded, and its name as a sysctl. */
export const FORWARDING: Readonly<Record<Family, { readonly file: string; readonly sysctl: string }>> = {
  IPv4: { file: 'net/ipv4/ip_forward', sysctl: 'net.ipv4.ip_forward' },
  IPv6: { file: 'net/ipv6/conf/all/forwarding', sysctl: 'net.ipv6.conf.all.forwarding' },
};

/** It cannot be switched on from here: /proc/sys is read-only in a pod. */
export function forwardingFault(family: Family, value = ''): string | undefined {
  if (value === '1') return undefined;
  const remedy = "the tuning CNI plugin of the router's network must set it";
  return `${FORWARDING[family].sysctl} is '${value}', not 1: ${remedy}`;
}

/** What the program of a built-in tunnel says of it. */
export function tunnelFault(report: Aged | undefined): string | undefined {
  const { state, age } = report ?? { state: 'no check has been made yet', age: 0 };
  if (!state.startsWith('ready')) return `WireGuard: ${state.replace(/^not ready: /, '')}`;
  return age <= LATE ? undefined : `WireGuard: the last check was ${age} seconds ago`;
}

/** What keepalived's program says of it and of the other routers, which keeps this one from nothing. */
export function keepalivedNote(report: Aged | undefined): string | undefined {
  const state = report && report.age <= LATE ? report.state : 'it says nothing';
  if (state === 'ready') return undefined;
  return state.startsWith('ready; ') ? state.slice('ready; '.length) : `keepalived: ${state}`;
}
