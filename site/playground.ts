import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { bundled } from './bundle.ts';
import { EXAMPLES } from './examples.ts';

const SOURCE = join(import.meta.dirname, 'playground');
/** Writes the playground, a page and its script, to a directory. */
export async function buildPlayground(directory: string): Promise<void> {
  const script = await bundled('playground/main.ts');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'playground.js'), script);
  writeFileSync(join(directory, 'index.html'), await pageOf());
}

/** The page as it is before its script runs: with the first example, its picture, and no change of layout to come. */
async function pageOf(): Promise<string> {
  const [first] = EXAMPLES;
  const { evaluate } = (await import(
    `data:text/javascript,${encodeURIComponent(await bundled('playground/evaluate.ts', 'esm'))}`
  )) as typeof import('./playground/evaluate.ts');
  const { problems, result } = evaluate(first?.text ?? '');
  const style = read('style.css');
  const theme = read('early.js');
  const parts: Readonly<Record<string, string>> = {
    policy: policyOf(style, theme),
    version: packageJson.version,
    examples: EXAMPLES.map(({ name }) => `<option>${name}</option>`).join(''),
    text: escaped(first?.text ?? ''),
    summary: escaped(problems.flatMap(({ code, message }) => (code === 'Rendered' ? [message] : [])).join('; ')),
    words: escaped(result?.picture.words ?? ''),
    picture: escaped(`data:image/svg+xml,${encodeURIComponent(result?.picture.svg ?? '')}`),
  };
  const head = `<style>${style}</style>\n    <script>${theme}</script>`;
  const page = read('page.html').replace('<!-- head -->', () => head);
  return page.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => parts[name] ?? '');
}

/** Only the page's own script and style; and no request to anywhere, whatever a script would want. */
function policyOf(style: string, theme: string): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    `script-src 'self' ${hash(theme)}`,
    `style-src 'nonce-editor' ${hash(style)}`,
    'img-src data:',
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
}

function read(name: string): string {
  return readFileSync(join(SOURCE, name), 'utf8');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
