import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, hoverTooltip, keymap, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { complete } from './completion.ts';
import { element } from './dom.ts';
import { documentTextAt, placeAt } from './place.ts';
import type { PlacedProblem } from './problem-place.ts';
import { schemaAt } from './schema.ts';

/** By which the page's policy knows the style sheets of the editor: a page that is a file has no other way. */
const STYLE_NONCE = 'editor';

/** The field under the mouse, as the reference describes it. */
const describe = hoverTooltip((view, position) => {
  const text = view.state.doc.toString();
  const word = view.state.wordAt(position);
  if (word === null || !/^kind: *["']?GatewayNetwork\b/m.test(documentTextAt(text, position))) return null;
  const name = text.slice(word.from, word.to);
  if (text[word.to] !== ':') return null;
  const place = placeAt(text, word.from);
  const description = place && schemaAt([...place.path, name])?.description;
  return description === undefined
    ? null
    : { pos: word.from, end: word.to, create: () => ({ dom: element('div', { class: 'description' }, description) }) };
});

/** The editor in an element of the page; `changed` is called with every text. */
export function editorIn(parent: HTMLElement, text: string, changed: (text: string) => void): EditorView {
  const extensions = [
    lineNumbers(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ override: [complete], icons: false }),
    lintGutter(),
    describe,
    indentUnit.of('  '),
    yaml(),
    syntaxHighlighting(classHighlighter),
    keymap.of([
      { key: 'Tab', run: acceptCompletion },
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
    EditorView.cspNonce.of(STYLE_NONCE),
    EditorView.contentAttributes.of({ 'aria-label': 'Spec, in YAML', 'aria-describedby': 'hint', tabindex: '0' }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.state.doc.toString());
    }),
  ];
  parent.textContent = '';
  return new EditorView({ parent, state: EditorState.create({ doc: text, extensions }) });
}

/** Replaces the whole text; undo brings it back. */
export function replaceText(view: EditorView, text: string): void {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } });
}

/** Marks the lines of problems. */
export function mark(view: EditorView, problems: readonly PlacedProblem[]): void {
  const { doc } = view.state;
  const diagnostics = problems.map(({ severity, message, line, column }): Diagnostic => {
    const at = doc.line(Math.min(line, doc.lines));
    const from = Math.min(at.from + column - 1, at.to);
    return { from, to: at.to, severity, message };
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

/** Moves the cursor to a line, and the focus to the editor. */
export function goTo(view: EditorView, { line, column }: PlacedProblem): void {
  const at = view.state.doc.line(Math.min(line, view.state.doc.lines));
  view.dispatch({ selection: { anchor: Math.min(at.from + column - 1, at.to) }, scrollIntoView: true });
  view.focus();
}
