import type { EditorView } from '@codemirror/view';
import { baseText, setBase, showChange } from './change-view.ts';
import { byId, copy, element } from './dom.ts';
import { editorIn, goTo, mark, replaceText } from './editor.ts';
import { evaluate, type Result } from './evaluate.ts';
import { EXAMPLES } from './examples.ts';
import { showManifests, startManifests } from './manifests-view.ts';
import { placed } from './problem-place.ts';
import { fragmentOf, sharedIn } from './share.ts';
import { startTabs } from './tabs.ts';
import { startTheme } from './theme.ts';
import { showWays, startWays } from './ways-view.ts';

/** Between the last key and the run of the function, in milliseconds. */
const PAUSE = 120;

let editor: EditorView;
/** The id of the tab that is selected. */
let selectedTab: () => string;
/** The last spec without an error. */
let latest: { readonly text: string; readonly result: Result } | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Runs the function on what is in the editor, and shows all that follows. */
function update(): void {
  clearTimeout(timer);
  const text = editor.state.doc.toString();
  const begun = performance.now();
  const { problems, result } = evaluate(text);
  const { duration } = performance.measure('render', { start: begun });
  const shown = placed(problems);
  mark(editor, shown);
  const errors = shown.filter(({ severity }) => severity === 'error').length;
  const warnings = shown.length - errors;
  const said = problems.flatMap(({ code, message }) => (code === 'Rendered' ? [message] : []));
  byId('summary', HTMLElement).textContent = [
    errors > 0 ? plural(errors, 'error') : said.join('; '),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
    `${Math.max(1, Math.round(duration))} ms`,
  ].join(' · ');
  byId('problems', HTMLElement).replaceChildren(
    ...shown.map((problem) =>
      element(
        'li',
        { class: problem.severity },
        element('button', { type: 'button', click: () => goTo(editor, problem) }, `line ${problem.line}`),
        ` ${problem.severity}: ${problem.message}`,
      ),
    ),
  );
  byId('stale', HTMLElement).hidden = result !== undefined;
  if (result === undefined) {
    latest ??= lastOf(baseText());
    showTab(selectedTab());
    return;
  }
  const picture = byId('drawing', HTMLImageElement);
  picture.src = `data:image/svg+xml,${encodeURIComponent(result.picture.svg)}`;
  picture.alt = result.picture.words;
  byId('words', HTMLElement).textContent = result.picture.words;
  latest = { text, result };
  showTab(selectedTab());
}

/** Fills what a tab shows; those that are hidden wait, so that the page is not busy with what nobody sees. */
function showTab(tab: string): void {
  if (tab === 'tab-picture') return;
  if (latest === undefined) update();
  if (latest === undefined) return;
  const { text, result } = latest;
  if (tab === 'tab-manifests') showManifests(result.documents);
  if (tab === 'tab-ways') showWays(result);
  if (tab === 'tab-change') showChange(text, result);
}

/** A spec that was there before the one with an error. */
function lastOf(text: string): typeof latest {
  const { result } = evaluate(text);
  return result && { text, result };
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Puts another spec into the editor, and compares with it from now on. */
function load(text: string, before = text): void {
  setBase(before);
  if (editor.state.doc.toString() !== text) replaceText(editor, text);
  update();
}

async function loadShared(): Promise<void> {
  if (location.hash === '') return;
  const named = EXAMPLES.find(({ name }) => location.hash === `#${name}`);
  const shared = named ?? (await sharedIn(location.hash));
  if (shared === undefined) {
    byId('said', HTMLElement).textContent = 'The link holds no spec that can be read; it may be cut off.';
    return;
  }
  if (named !== undefined) byId('example', HTMLSelectElement).value = named.name;
  load(shared.text, 'before' in shared ? shared.before : shared.text);
}

async function share(button: HTMLButtonElement): Promise<void> {
  const [text, before] = [editor.state.doc.toString(), baseText()];
  const fragment = await fragmentOf({ text, ...(before !== text && { before }) });
  history.replaceState(null, '', fragment);
  await copy(location.href, button);
}

/** The page has the first example and its picture already: the function runs when something else is to be seen. */
function start(): void {
  const first = EXAMPLES[0]?.text ?? '';
  startTheme();
  selectedTab = startTabs(byId('tabs', HTMLElement), showTab);
  startManifests();
  startWays();
  setBase(first);
  editor = editorIn(byId('editor', HTMLElement), first, () => {
    clearTimeout(timer);
    timer = setTimeout(update, PAUSE);
  });
  const examples = byId('example', HTMLSelectElement);
  examples.addEventListener('change', () => {
    const chosen = EXAMPLES.find(({ name }) => name === examples.value);
    if (chosen === undefined) return;
    history.replaceState(null, '', `#${chosen.name}`);
    load(chosen.text);
  });
  byId('share', HTMLElement).addEventListener(
    'click',
    ({ currentTarget }) => void share(currentTarget as HTMLButtonElement),
  );
  byId('pin', HTMLElement).addEventListener('click', () => load(editor.state.doc.toString()));
  addEventListener('hashchange', () => void loadShared());
  void loadShared().finally(() => {
    document.documentElement.dataset['ready'] = '';
    dispatchEvent(new Event('playground-ready'));
  });
}

start();
