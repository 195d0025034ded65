import type { Paint, Tone } from '../status/paint.ts';
import { listed, type State } from './check.ts';
import type { Diagnosis, Finding } from './diagnosis.ts';

/** What is worst comes first. */
const STATES: readonly State[] = ['error', 'warning', 'unknown', 'ok'];
const TONES: Readonly<Record<State, Tone>> = { error: 'Bad', warning: 'Doubtful', unknown: 'Doubtful', ok: 'Good' };
const WIDTH = 'warning'.length;

/** A diagnosis in lines. What is not well has more of them: why it matters, what to do, and where to read on. */
export function formatDiagnosis(diagnosis: Diagnosis, paint: Paint): string {
  const { server, kubernetes, platform, primary, networks, networksUnseen, findings } = diagnosis;
  const told = STATES.flatMap((state) => merged(findings.filter((one) => one.state === state)));
  const cluster = [
    `Kubernetes ${kubernetes}`,
    ...(platform === undefined ? [] : [platform]),
    ...(primary === undefined ? [] : [primary]),
  ];
  return [
    `${paint('Title', server)}: ${verdict(told, paint)}`,
    `  cluster   ${cluster.join(', ')}`,
    `  networks  ${networks.length > 0 ? listed(networks) : (networksUnseen ?? 'none: name a file of GatewayNetworks to check what they need')}`,
    ...told.flatMap((one) => linesOf(one, paint)),
    '',
  ].join('\n');
}

function verdict(told: readonly Merged[], paint: Paint): string {
  const count = (state: State) => told.filter(({ finding }) => finding.state === state).length;
  const [errors, warnings, unseen] = [count('error'), count('warning'), count('unknown')];
  const parts = [
    ...(errors > 0 ? [paint('Bad', plural(errors, 'error'))] : []),
    ...(warnings > 0 ? [paint('Doubtful', plural(warnings, 'warning'))] : []),
    ...(errors + warnings === 0 ? [paint('Good', 'no errors')] : []),
    ...(unseen > 0 ? [`${unseen} not known`] : []),
  ];
  return parts.join(', ');
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

interface Merged {
  readonly finding: Finding;
  readonly networks: readonly string[];
}

/** The same of several networks is told once. */
function merged(findings: readonly Finding[]): readonly Merged[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.check} ${finding.seen}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].flatMap((group) => {
    const [finding] = group;
    return finding === undefined ? [] : [{ finding, networks: group.flatMap(({ network }) => network ?? []) }];
  });
}

function linesOf({ finding, networks }: Merged, paint: Paint): readonly string[] {
  const { state, check, seen, why, advice, link } = finding;
  const whose = networks.length > 0 ? `${listed(networks)}: ` : '';
  const first = `  ${paint(TONES[state], state.padEnd(WIDTH))}   ${check}: ${whose}${seen}`;
  if (state === 'ok') return [first];
  const more = state === 'unknown' ? [] : [`            why: ${why}`];
  return [first, ...more, ...(advice === undefined ? [] : [`            do:  ${advice}`]), `            see: ${link}`];
}
