import { output } from '../system/command.ts';
import { replaceFile } from '../system/files.ts';
import { STATE_DIR } from '../status/status-file.ts';
import { ANSWER_ADDRESS, type Neighbour } from './answer.ts';
import { type Entry, parseEntries } from './entries.ts';
import type { Route } from './guard.ts';
import { latest } from './latest.ts';
import { find, type Link, parseLinks, withDetails } from './link.ts';

/** What the kernel shows, asked for once until something is changed. */
export class NodeState {
  private found: { readonly links: readonly Link[]; readonly neighbours: readonly Neighbour[] } | undefined;
  private readonly entriesOf = new Map<string, readonly Entry[]>();

  private readonly parsed = latest<readonly Entry[]>();
  private readonly own: readonly (string | undefined)[];

  /** @param own the names of links whose kind has to be known for certain */
  constructor(own: readonly (string | undefined)[]) {
    this.own = own;
  }

  /** After a change, and at the begin of a pass. */
  forget(): void {
    this.found = undefined;
    this.entriesOf.clear();
  }

  /** All links with their addresses, of which bridges and tunnels have details. */
  links(): readonly Link[] {
    return this.look().links;
  }

  link(name: string | undefined): Link | undefined {
    return find(this.links(), name);
  }

  /** Those of the address by which the bridge answers. */
  neighbours(): readonly Neighbour[] {
    return this.look().neighbours;
  }

  /**
   * The entries of a VXLAN that were not learnt: those that somebody has added, and that by which the kernel floods to
   * a group, which alone is permanent but not static.
   */
  entries(device: string, hasGroup: boolean): readonly Entry[] {
    const before = this.entriesOf.get(device);
    if (before !== undefined) return before;
    const states = hasGroup ? ['static', 'permanent'] : ['static'];
    const text = batch(
      'bridge',
      states.map((state) => `fdb show dev ${device} state ${state}`),
    );
    const entries = this.parsed([text], () => parseEntries(text));
    this.entriesOf.set(device, entries);
    return entries;
  }

  /** The ports of a bridge with their details. */
  detailedPorts(bridge: string): readonly Link[] {
    return parseLinks(output(['ip', '-j', '-d', 'link', 'show', 'master', bridge]) ?? '');
  }

  routes(device: string, family: 'IPv4' | 'IPv6'): readonly Route[] {
    const text = output(['ip', '-j', family === 'IPv4' ? '-4' : '-6', 'route', 'show', 'dev', device]);
    return JSON.parse(text || '[]') as readonly Route[];
  }

  private look() {
    return (this.found ??= observe(this.own));
  }
}

/**
 * One process for all that concerns bridges and tunnels; another for all links, of which there may be hundreds, without
 * details.
 */
function observe(own: readonly (string | undefined)[]) {
  const links = parseLinks(output(['ip', '-j', 'addr', 'show']) ?? '');
  const kinds = ['bridge', 'vxlan', 'geneve'];
  const questions = [`neigh show ${ANSWER_ADDRESS}`, ...kinds.map((kind) => `link show type ${kind}`)];
  const answers = batch('ip', questions)
    .split('\n')
    .filter((line) => line.startsWith('['));
  const all = withDetails(links, parseLinks(answers.slice(1).join('\n')));
  // It may have gone between the two questions, or it is something else.
  const isThere = ({ kind, name }: Link) =>
    kind !== undefined || !own.includes(name) || output(['ip', 'link', 'show', 'dev', name]) !== undefined;
  return { links: all.filter(isThere), neighbours: JSON.parse(answers[0] ?? '[]') as readonly Neighbour[] };
}

/** Asks several questions by one process. One that fails is left out. */
function batch(tool: 'ip' | 'bridge', questions: readonly string[]): string {
  const input = `${STATE_DIR}/${tool}.questions`;
  replaceFile(input, questions.map((question) => `${question}\n`).join(''));
  const details = tool === 'ip' ? ['-d'] : [];
  return output([tool, '-j', ...details, '-force', '-batch', '-'], { input }) ?? '';
}
