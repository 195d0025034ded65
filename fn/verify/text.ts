import { labelOf } from '../status/owner.ts';
import type { Paint } from '../status/paint.ts';
import type { Check, Packet, Report } from './check.ts';

/** How many packets of a check are printed. */
const MOST = 10;

/** A report in lines: each check with its result, and packets that went where they must not. */
export function formatReport(report: Report, paint: Paint): string {
  const count = (result: Check['result']) => report.checks.filter((check) => check.result === result).length;
  const verdict = report.ok
    ? paint('Good', count('not tested') > 0 ? 'what was tested is well' : 'all is well')
    : paint('Bad', 'something is wrong');
  const summary = `${count('ok')} ok, ${count('failed')} failed, ${count('not tested')} not tested`;
  const lines = [
    `${paint('Title', labelOf(report))}: ${verdict}`,
    ...report.checks.flatMap((check) => row(check, paint)),
  ];
  return `${[...lines, `  ${summary}`].join('\n')}\n`;
}

function row({ result, title, detail, packets = [] }: Check, paint: Paint): readonly string[] {
  const mark = { ok: paint('Good', '+'), failed: paint('Bad', '-'), 'not tested': '?' }[result];
  const words = result === 'not tested' ? `not tested: ${detail}` : detail;
  return [`  ${mark} ${title}`, `      ${words}`, ...packetLines(packets).map((line) => `      ${line}`)];
}

/** The first packets, a line each. */
export function packetLines(packets: readonly Packet[]): readonly string[] {
  const more = packets.length - MOST;
  return [...packets.slice(0, MOST).map(packetLine), ...(more > 0 ? [`${more} more: -o json has all`] : [])];
}

function packetLine(packet: Packet): string {
  const { time, node, interface: device, direction, from, to, protocol, count, way, client } = packet;
  return `${time} ${node} ${device} ${direction} ${protocol} ${from} -> ${to}, ${count} times (client on ${client}, ${way})`;
}
