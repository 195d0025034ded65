import type { NetworkPicture } from './network-picture.ts';
import { type Box, boxesOf, descriptionOf, titleOf } from './words.ts';

/** Sizes in pixels. */
const WIDTH = 1080;
const MARGIN = 20;
const LINE = 18;
/** What a character takes at most, of the fonts that are asked for. */
const CHARACTER = 7;
/** The left edges and the widths of the columns. */
const COLUMNS = { clients: [20, 220], network: [300, 210], routers: [570, 220], outside: [850, 210] } as const;
const TITLE = 30;
const GAP = 46;

/** Of a light page and of a dark one: contrasts of at least 4.5 (WCAG 2.2, 1.4.3). */
const STYLE = `
  .page { fill: #ffffff } .box { fill: #f3f6fa; stroke: #57606a } .way { stroke: #0b5cad; fill: none }
  .side { stroke: #57606a; fill: none; stroke-dasharray: 5 4 } .tip { fill: #0b5cad } .end { fill: #57606a }
  text { font: 13px ui-sans-serif, system-ui, "DejaVu Sans", sans-serif; fill: #1f2328 }
  .heading { font-weight: 600 } .title { font-weight: 600; font-size: 15px } .note { font-size: 12px; fill: #424a53 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } .box { fill: #1b222c; stroke: #8b949e } .way { stroke: #6cb6ff }
    .side { stroke: #9ea7b3 } .tip { fill: #6cb6ff } .end { fill: #9ea7b3 }
    text { fill: #e6edf3 } .note { fill: #b4bdc8 }
  }
`;

/** Networks as an SVG, one below the other. The same networks give the same bytes. */
export function svgOf(pictures: readonly NetworkPicture[]): string {
  let top = MARGIN;
  const groups = pictures.map((picture) => {
    const { text, height } = drawn(picture, top);
    top += height + MARGIN;
    return text;
  });
  const title = pictures.map(titleOf).join(', ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img" aria-labelledby="picture-title picture-desc">
<title id="picture-title">${escaped(title)}</title>
<desc id="picture-desc">${escaped(pictures.map(descriptionOf).join(' '))}</desc>
<style>${STYLE}</style>
<defs>
  <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="tip" d="M0 0 8 4 0 8Z"/></marker>
  <marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="end" d="M0 0 8 4 0 8Z"/></marker>
</defs>
<rect class="page" width="100%" height="100%" rx="8"/>
${groups.join('')}</svg>
`;
}

function drawn(picture: NetworkPicture, top: number): { readonly text: string; readonly height: number } {
  const boxes = boxesOf(picture);
  const { forwards, egress, label } = picture;
  const row = [boxes.clients, boxes.network, boxes.routers, boxes.outside];
  const height = Math.max(...row.map(heightOf));
  const y = top + TITLE + forwards.length * LINE + (forwards.length > 0 ? LINE : 0);
  const middle = y + height / 2;
  const below = y + height + GAP;
  const [left, width] = COLUMNS.clients;
  const parts = [
    line('title', left, top + 15, label),
    ...(Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]).map((name) => {
      const [x, size] = COLUMNS[name];
      return box(boxes[name], x, size, y, height);
    }),
    box(boxes.cluster, left, width, below, heightOf(boxes.cluster)),
    arrow('way', 'tip', endOf('clients'), middle, COLUMNS.network[0], 'net1'),
    arrow('way', 'tip', endOf('network'), middle, COLUMNS.routers[0], ''),
    arrow('way', 'tip', endOf('routers'), middle, COLUMNS.outside[0], egress.interface),
    `<path class="side" marker-end="url(#end)" d="M${left + width / 2} ${y + height}V${below}"/>`,
    line('note', left + width / 2 + 8, y + height + GAP / 2 + 4, 'eth0'),
    ...forwardArrow(forwards, y),
  ];
  return {
    text: `<g>\n${parts.map((part) => `  ${part}\n`).join('')}</g>\n`,
    height: below + heightOf(boxes.cluster) - top,
  };
}

function heightOf({ lines }: Box): number {
  return LINE * (lines.length + 1) + 16;
}

function endOf(column: keyof typeof COLUMNS): number {
  return COLUMNS[column][0] + COLUMNS[column][1];
}

function box({ heading, lines }: Box, x: number, width: number, y: number, height: number): string {
  const room = Math.floor((width - 20) / CHARACTER);
  const texts = [
    line('heading', x + 10, y + 22, heading),
    ...lines.map((text, index) => line('note', x + 10, y + 22 + LINE * (index + 1), text, room)),
  ];
  return `<rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>${texts.join('')}`;
}

/** A text that does not fit is cut, and has all of it as its title. */
function line(style: string, x: number, y: number, text: string, room = Infinity): string {
  const isCut = text.length > room;
  const shown = isCut ? `${text.slice(0, room - 1)}…` : text;
  return `<text class="${style}" x="${x}" y="${y}">${isCut ? `<title>${escaped(text)}</title>` : ''}${escaped(shown)}</text>`;
}

function arrow(style: string, tip: string, from: number, y: number, to: number, text: string): string {
  const path = `<path class="${style}" stroke-width="2" marker-end="url(#${tip})" d="M${from} ${y}H${to}"/>`;
  return text === '' ? path : `${path}${line('note', from + 8, y - 8, text)}`;
}

/** From the outside above the boxes to the clients. */
function forwardArrow(forwards: readonly string[], y: number): readonly string[] {
  if (forwards.length === 0) return [];
  const [from, to] = [COLUMNS.outside, COLUMNS.clients].map(([x, width]) => x + width / 2);
  const path = `<path class="side" marker-end="url(#end)" d="M${from} ${y}V${y - 12}H${to}V${y}"/>`;
  const texts = forwards.map((text, index) =>
    line('note', COLUMNS.network[0], y - 18 - LINE * (forwards.length - 1 - index), text),
  );
  return [path, ...texts];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
