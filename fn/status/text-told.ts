import type { Member, NetworkStatus, Router } from './network-status.ts';

/** How many reasons of drops are printed, and how many pods of each line. */
const [REASONS, PODS] = [10, 3];

/** What a router is, and since when. */
export function rolesOf({ active, activeSince }: Router, now: number): readonly string[] {
  if (active === undefined) return [];
  if (!active) return ['standby'];
  return [activeSince === undefined ? 'active' : `active for ${ageText((now - Date.parse(activeSince)) / 1000)}`];
}

/** What a program has measured, where that is not what is applied. */
export function told({ report }: Member, applied: string | undefined): readonly string[] {
  if (report === undefined) return [];
  const { configuration, egress, handshakeAge } = report;
  const isOther = configuration !== undefined && applied !== undefined && configuration !== applied;
  return [
    ...(egress && egress.addresses.length > 0 ? [`by ${egress.interface} as ${egress.addresses.join(' and ')}`] : []),
    ...(handshakeAge === undefined ? [] : [`handshake ${ageText(handshakeAge)} ago`]),
    ...(isOther ? [`still with the configuration ${configuration}`] : []),
  ];
}

/** What a ready program finds worth knowing; that it is active is told before. */
export function notesOf({ report }: Member): readonly string[] {
  const [state, ...notes] = (report?.state ?? '').split('; ');
  return state === 'ready' ? notes.filter((note) => !note.startsWith('this router has ')) : [];
}

/** What was dropped, by the reason, the most first; nothing where nobody has told. */
export function dropLines(status: NetworkStatus): readonly string[] {
  const reports = membersOf(status).flatMap(({ name, member }) => (member.report ? [{ name, ...member.report }] : []));
  if (reports.length === 0) return [];
  const sums = new Map<string, { count: number; names: readonly string[] }>();
  for (const { name, drops } of reports) {
    for (const [reason, count] of Object.entries(drops)) {
      const before = sums.get(reason) ?? { count: 0, names: [] };
      sums.set(reason, { count: before.count + count, names: [...before.names, name] });
    }
  }
  const all = [...sums].toSorted(([, one], [, other]) => other.count - one.count);
  const total = all.reduce((sum, [, { count }]) => sum + count, 0);
  const shown = all.slice(0, REASONS);
  const width = String(shown[0]?.[1].count ?? 0).length;
  const lines = shown.map(
    ([reason, { count, names }]) => `    ${String(count).padStart(width)} ${reason}  ${someOf(names)}`,
  );
  const more = all.length - shown.length;
  return [
    `  dropped   ${total} ${total === 1 ? 'packet' : 'packets'}`,
    ...lines,
    ...(more === 0 ? [] : [`      ${more} more reasons: -o json has all`]),
  ];
}

/** Who was not asked, and why: a line for each reason. */
export function unaskedLines(status: NetworkStatus): readonly string[] {
  const byReason = new Map<string, readonly string[]>();
  for (const { name, member } of membersOf(status)) {
    if (member.unasked === undefined) continue;
    byReason.set(member.unasked, [...(byReason.get(member.unasked) ?? []), name]);
  }
  return [...byReason].map(([reason, names]) => `  unknown   ${someOf(names)} could not be asked: ${reason}`);
}

/** Agents by their nodes, routers by their names. */
function membersOf({ agents, routers }: NetworkStatus): readonly { readonly name: string; readonly member: Member }[] {
  return [
    ...(agents?.pods ?? []).map((member) => ({ name: member.node ?? member.pod, member })),
    ...routers.flatMap(({ name, pods }) => pods.map((member) => ({ name, member }))),
  ];
}

function someOf(names: readonly string[]): string {
  const more = names.length - PODS;
  return more > 0 ? `${names.slice(0, PODS).join(', ')} and ${more} more` : names.join(', ');
}

const UNITS = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
] as const;

/** A time in seconds in the largest unit of which there are two. */
function ageText(seconds: number): string {
  const [length, unit] = UNITS.find(([one]) => seconds >= 2 * one) ?? [1, 's'];
  return `${Math.max(0, Math.floor(seconds / length))} ${unit}`;
}
