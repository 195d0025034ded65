import { labelOf } from '../status/owner.ts';
import type { Paint } from '../status/paint.ts';
import type { Effects } from './effects.ts';
import type { NetworkChange } from './network-change.ts';
import type { SpecChange } from './spec-changes.ts';

/** How many names of a kind are printed. */
const NAMES = 10;
/** The longest value that is printed, in characters. */
const VALUE = 60;

const AGENTS: Readonly<Record<Effects['agents'], string>> = {
  none: 'nothing happens to them',
  live: 'applied live: no pod is replaced',
  rolled: 'rolled: their pods are replaced, one after another',
  created: 'created',
  removed: 'removed',
};
const ROUTERS: Readonly<Record<Effects['routers'], string>> = {
  none: 'nothing happens to them',
  live: 'applied live: no pod is replaced',
  replaced: 'replaced: their connections end, unless routers share them',
};

/** What a change does to a network, in a few lines. */
export function formatChange(change: NetworkChange, paint: Paint): string {
  const title = `${paint('Title', labelOf(change).replace(/^\//, ''))}: `;
  if (change.change === 'none') return `${title}nothing changes\n`;
  if (change.change === 'created') return `${title}is created: ${change.objects.created.length} objects\n`;
  if (change.change === 'removed') return `${title}is removed: ${change.objects.removed.length} objects\n`;
  const lines = [
    `${title}${summary(change)}`,
    ...(change.fields ?? []).flatMap(fieldLines),
    `  agents   ${AGENTS[change.agents]}`,
    `  routers  ${routersText(change)}`,
    `  clients  ${clientsText(change)}`,
    ...workloadLines('rolled', change.clients.rolled),
    ...workloadLines('restart', change.clients.restart),
  ];
  return `${lines.join('\n')}\n`;
}

function summary({ fields, objects }: NetworkChange): string {
  const { created, changed, removed } = objects;
  const parts = [
    ...(fields === undefined ? [] : [count(fields.length, 'field')]),
    `${count(changed.length, 'object')} changed, ${created.length} created, ${removed.length} removed`,
  ];
  return parts.join('; ');
}

function fieldLines({ field, before, after, connections }: SpecChange): readonly string[] {
  const lines = [`  ${field}: ${valueText(before)} -> ${valueText(after)}`];
  return connections === undefined
    ? lines
    : [...lines, `    connections: ${connections.replaceAll(/\]\([^)]*\)|\[/g, '')}`];
}

function valueText(value: unknown): string {
  if (value === undefined) return '(not set)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > VALUE ? `${text.slice(0, VALUE - 1)}…` : text;
}

function routersText({ routers, createdRouters, removedRouters }: Effects): string {
  const parts = [
    ...(routers === 'none' && createdRouters.length + removedRouters.length > 0 ? [] : [ROUTERS[routers]]),
    ...(createdRouters.length > 0 ? [`created: ${createdRouters.join(', ')}`] : []),
    ...(removedRouters.length > 0 ? [`removed: ${removedRouters.join(', ')}`] : []),
  ];
  return parts.join('; ');
}

function clientsText({ clients: { rolled, restart, othersRestart } }: Effects): string {
  const parts = [
    ...(rolled.length > 0 ? [`rolled: their pods are replaced (${count(rolled.length, 'workload')})`] : []),
    ...(restart.length > 0 ? [`must be restarted (${count(restart.length, 'workload')})`] : []),
    ...(othersRestart && restart.length === 0 ? ['must be restarted, if there are any that are not in the input'] : []),
  ];
  return parts.length === 0 ? 'nothing happens to them' : parts.join('; ');
}

function workloadLines(what: string, workloads: readonly string[]): readonly string[] {
  const lines = workloads.slice(0, NAMES).map((workload) => `    ${what.padEnd(7)}  ${workload}`);
  const left = workloads.length - lines.length;
  return left === 0 ? lines : [...lines, `    ${left} more: -o json has all`];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
