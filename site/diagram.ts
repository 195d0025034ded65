import { renderMermaidSVG } from 'beautiful-mermaid';

const FONT = 'ui-sans-serif, system-ui, sans-serif';
/** Of a light page and of a dark one: the colours of the pictures of networks. */
const COLOURS = `svg { --bg: #ffffff; --fg: #1f2328; --muted: #424a53; --line: #57606a; --accent: #0b5cad }
  @media (prefers-color-scheme: dark) {
    svg { --bg: #0d1117; --fg: #e6edf3; --muted: #b4bdc8; --line: #8b949e; --accent: #6cb6ff }
  }`;

/** A diagram of a page in Mermaid as an image, drawn at the build: readers load no program for it. */
export function imageOf(source: string): string {
  const title = /^\s*accTitle: *(.*)$/m.exec(source)?.[1];
  const words = /^\s*accDescr: *(.*)$/m.exec(source)?.[1];
  if (title === undefined || words === undefined) throw new Error(`a diagram lacks accTitle or accDescr:\n${source}`);
  const drawn = renderMermaidSVG(source.replaceAll(/^\s*acc(?:Title|Descr):.*\n/gm, ''), { font: 'system-ui' });
  const svg = drawn
    // It would load a font from elsewhere.
    .replace(/@import url\([^)]*\);/, COLOURS)
    .replaceAll(/font-family: [^;]*;/g, `font-family: ${FONT};`)
    .replace(/ style="[^"]*background:[^"]*"/, ' style="background:var(--bg)"');
  return `<p><img class="diagram" alt="${escaped(`${title}: ${words}`)}" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}"></p>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
