import { type Address, formatAddress, parseAddress } from '../net/address.ts';
import { containsAddress, parseCidr } from '../net/cidr.ts';
import { parsePorts } from '../net/ports.ts';
import type { RoutedPacket } from './packet.ts';

/** Whether a rule is about a packet; `condition` says of which protocol or port it would have to be. */
export type Match =
  | { readonly type: 'Yes' }
  | { readonly type: 'No' }
  | { readonly type: 'If'; readonly condition: string };

const YES: Match = { type: 'Yes' };
const NO: Match = { type: 'No' };
/** Protocols as rules name them (IANA, protocol numbers). */
const NUMBERS: Readonly<Record<string, string>> = { 1: 'ICMP', 58: 'ICMP', 132: 'SCTP', 17: 'UDP', 6: 'TCP' };
/** An operand: an anonymous set, or one element. */
const OPERAND = String.raw`(?:\{ ([^}]*) \}|(\S+))`;

/** Compares the match of one of our rules, as `nft` has it, with the first packet of a connection. */
export function matchOf(rule: string, packet: RoutedPacket): Match {
  // What is about later packets, or about packets for addresses that only the kernel knows.
  if (/\bct |\bfib |\btcp (?:flags|option) |\bmeta (?:mark|nfproto) /.test(rule)) return NO;
  if (!fits(rule, /\biifname "([^"]*)"/, packet.from) || !fits(rule, /\boifname "([^"]*)"/, packet.to)) return NO;
  if (!fitsAddress(rule, 'saddr', packet.source) || !fitsAddress(rule, 'daddr', packet.destination)) return NO;
  return protocolMatch(rule, packet);
}

function fits(rule: string, form: RegExp, value: string | undefined): boolean {
  const [, wanted] = form.exec(rule) ?? [];
  return wanted === undefined || wanted === value;
}

function fitsAddress(rule: string, end: 'saddr' | 'daddr', address: Address): boolean {
  const [match, set, single] = new RegExp(String.raw`\bip6? ${end} ${OPERAND}`).exec(rule) ?? [];
  return match === undefined || elements(set ?? single).some((element) => holds(element, address));
}

function holds(element: string, address: Address): boolean {
  const cidr = parseCidr(element);
  if (cidr !== undefined) return containsAddress(cidr, address);
  const single = parseAddress(element);
  return single !== undefined && formatAddress(single) === formatAddress(address);
}

function protocolMatch(rule: string, packet: RoutedPacket): Match {
  const [, icmp] = /\b(icmp|icmpv6) type /.exec(rule) ?? [];
  if (icmp !== undefined && (icmp === 'icmp') !== (packet.destination.family === 'IPv4')) return NO;
  const [, named, ports, port] = new RegExp(String.raw`\b(tcp|udp|sctp) dport ${OPERAND}`).exec(rule) ?? [];
  const [, numbers, number] = new RegExp(String.raw`\bmeta l4proto ${OPERAND}`).exec(rule) ?? [];
  const listed = icmp === undefined ? (named === undefined ? elements(numbers ?? number) : [named]) : ['ICMP'];
  const protocols = [...new Set(listed.map((one) => NUMBERS[one] ?? one.toUpperCase()))];
  if (protocols.length === 0) return YES;
  const runs = elements(ports ?? port);
  const condition = [protocols.join(', '), runs.join(', ')].filter(Boolean).join(' ');
  if (packet.protocol === undefined) return { type: 'If', condition };
  if (!protocols.includes(packet.protocol)) return NO;
  if (runs.length === 0) return YES;
  const { port: wanted } = packet;
  if (wanted === undefined) return { type: 'If', condition };
  const isIn = runs.map(parsePorts).some((run) => run !== undefined && run.first <= wanted && wanted <= run.last);
  return isIn ? YES : NO;
}

function elements(operand: string | undefined): readonly string[] {
  return operand === undefined ? [] : operand.split(', ');
}
