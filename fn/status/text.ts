import { type Agents, isWell, type Member, type NetworkStatus, type Pool, type Router } from './network-status.ts';
import { labelOf } from './owner.ts';
import type { Paint } from './paint.ts';
import { dropLines, notesOf, rolesOf, told, unaskedLines } from './text-told.ts';

/** How many rows of a kind are printed, so that a network fits a screen. */
const ROWS = { good: 10, bad: 20 } as const;

/** A row of a table, and whether what it tells is well. */
interface Row {
  readonly good: boolean;
  readonly cells: readonly string[];
}

/** A network in a few lines, what is wrong first. `now` is in milliseconds, as of `Date.now()`. */
export function formatStatus(status: NetworkStatus, paint: Paint, now: number): string {
  const { agents, routers, clients, absent, pools, problems, releases } = status;
  const verdict = status.ok ? paint('Good', 'all is well') : paint('Bad', 'something is wrong');
  const lines = [
    `${paint('Title', labelOf(status))}: ${verdict}`,
    ...(releases.length > 0 ? [`  release   ${releases.join(', ')}`] : []),
    ...problems.map((problem) => `  ${paint('Bad', 'wrong')}     ${problem}`),
    ...(agents
      ? section(
          'agents',
          agentsSummary(agents),
          agents.pods.map((pod) => agentRow(pod, agents.configuration)),
          paint,
        )
      : []),
    ...section(
      'routers',
      routersSummary(routers),
      routers.flatMap((one) => routerRows(one, now)),
      paint,
    ),
    ...section('clients', clientsSummary(status), [...absent.map(absentRow), ...clients.map(clientRow)], paint),
    ...pools.map((pool) => `  pool      ${poolText(pool)}`),
    ...dropLines(status),
    ...unaskedLines(status),
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, summary: string, rows: readonly Row[], paint: Paint): readonly string[] {
  const shown = [...limited(rows, false), ...limited(rows, true)];
  const widths = shown.reduce<readonly number[]>(
    (widest, { cells }) => cells.map((cell, index) => Math.max(cell.length, widest[index] ?? 0)),
    [],
  );
  const lines = shown.map(({ good, cells }) => {
    const padded = cells.map((cell, index) => (index === cells.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)));
    return `    ${paint(good ? 'Good' : 'Bad', good ? '+' : '-')} ${padded.join('  ')}`;
  });
  return [`  ${title.padEnd(8)}  ${summary}`, ...lines, ...leftOut(rows)];
}

function limited(rows: readonly Row[], good: boolean): readonly Row[] {
  return rows.filter((row) => row.good === good).slice(0, ROWS[good ? 'good' : 'bad']);
}

function leftOut(rows: readonly Row[]): readonly string[] {
  const count = rows.length - limited(rows, false).length - limited(rows, true).length;
  return count === 0 ? [] : [`      ${count} more: -o json has all`];
}

function agentsSummary({ wanted, configuration, pods }: Agents): string {
  return withConfiguration(`${pods.filter(({ ready }) => ready).length} of ${wanted} ready`, configuration);
}

function routersSummary(routers: readonly Router[]): string {
  const ready = routers.filter(({ pods }) => pods.some((pod) => pod.ready));
  return withConfiguration(`${ready.length} of ${routers.length} ready`, routers[0]?.configuration);
}

function withConfiguration(text: string, configuration: string | undefined): string {
  return configuration === undefined ? text : `${text}, configuration ${configuration}`;
}

function clientsSummary({ clients, absent }: NetworkStatus): string {
  const starting = absent.filter((one) => one.starting).length;
  const parts = [
    `${clients.length} attached`,
    ...(starting > 0 ? [`${starting} starting`] : []),
    ...(absent.length > starting ? [`${absent.length - starting} not attached`] : []),
  ];
  return parts.join(', ');
}

function agentRow(member: Member, configuration: string | undefined): Row {
  return { good: isWell(member), cells: [member.node ?? 'no node', stateOf(member, [], configuration)] };
}

function routerRows(router: Router, now: number): readonly Row[] {
  const { name, pods, configuration } = router;
  return pods.map((member) => ({
    good: isWell(member),
    cells: [name, member.node ?? 'no node', stateOf(member, rolesOf(router, now), configuration)],
  }));
}

/** What is said of a pod: of a ready one also what it does, and what its program notes. */
function stateOf(member: Member, roles: readonly string[], configuration: string | undefined): string {
  const { ready, reason } = member;
  if (!ready) return ['not ready', ...(reason === undefined ? [] : [reason])].join(': ');
  const state = [...roles, 'ready', ...told(member, configuration)].join(', ');
  return [[state, ...(reason === undefined ? [] : [reason])].join(': '), ...notesOf(member)].join('; ');
}

function clientRow({ namespace, pod, addresses }: NetworkStatus['clients'][number]): Row {
  return { good: true, cells: [`${namespace}/${pod}`, addresses.join(', ') || 'attached'] };
}

function poolText({ range, size, taken, stale }: Pool): string {
  const gone = stale === 0 ? '' : `, ${stale} by pods that do not run`;
  // Of most IPv6 subnets, how many there are is neither known to the last digit nor of interest.
  const all = Number.isSafeInteger(size) ? ` of ${size}` : '';
  return `${taken}${all} addresses of ${range} are taken${gone}`;
}

function absentRow({ namespace, pod, starting, reason }: NetworkStatus['absent'][number]): Row {
  return { good: starting, cells: [`${namespace}/${pod}`, starting ? `starting: ${reason}` : reason] };
}
