import { parser } from '@lezer/yaml';
import { classHighlighter, highlightCode } from '@lezer/highlight';
import { joinStreams } from '../../fn/krm/streams.ts';
import type { OutputDocument } from '../../fn/krm/write.ts';
import { byId, copy, element, save } from './dom.ts';

let shown: readonly OutputDocument[] = [];

/** The buttons above the list. */
export function startManifests(): void {
  byId('copy-all', HTMLElement).addEventListener('click', ({ currentTarget }) => {
    void copy(allText(), currentTarget as HTMLButtonElement);
  });
  byId('download', HTMLElement).addEventListener('click', () => save(allText(), 'manifests.yaml'));
}

/** Lists what is rendered, in the order in which it can be applied; those that are open stay open. */
export function showManifests(documents: readonly OutputDocument[]): void {
  shown = documents;
  const list = byId('manifests', HTMLElement);
  const open = new Set([...list.querySelectorAll('details[open]')].map((one) => one.getAttribute('data-name')));
  byId('manifest-count', HTMLElement).textContent =
    `${documents.length} objects, in the order in which they can be applied`;
  list.replaceChildren(...documents.map((one) => manifest(one, open)));
}

function allText(): string {
  return joinStreams(shown.map(({ text }) => text));
}

function manifest({ identity, item, text }: OutputDocument, open: ReadonlySet<string | null>): HTMLElement {
  const { kind = 'Object', namespace = '', name = '' } = identity ?? {};
  const label = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
  const origin = item === undefined ? 'rendered' : 'yours';
  const details = element(
    'details',
    { 'data-name': label },
    element(
      'summary',
      {},
      element('span', { class: 'kind' }, kind),
      ` ${label.slice(kind.length + 1)} `,
      element('span', { class: `origin ${origin}` }, origin),
    ),
  );
  const fill = () => {
    if (details.querySelector('pre') === null) details.append(...contentOf(text, label));
  };
  details.addEventListener('toggle', fill);
  if (open.has(label)) {
    details.open = true;
    fill();
  }
  return element('li', {}, details);
}

function contentOf(text: string, label: string): readonly HTMLElement[] {
  const button = element('button', { type: 'button', class: 'small', 'aria-label': `Copy ${label}` }, 'Copy');
  button.addEventListener('click', () => void copy(text, button));
  const code = element('pre', { tabindex: '0', 'aria-label': label, role: 'region' });
  highlightCode(
    text,
    parser.parse(text),
    classHighlighter,
    (part, style) => code.append(style === '' ? part : element('span', { class: style }, part)),
    () => code.append('\n'),
  );
  return [button, code];
}
