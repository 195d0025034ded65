import type { NetworkPicture } from './network-picture.ts';
import { type Box, boxesOf, descriptionOf, titleOf } from './words.ts';

/** Networks as one flow chart of Mermaid, a group for each. */
export function mermaidOf(pictures: readonly NetworkPicture[]): string {
  const title = pictures.map(titleOf).join(', ');
  const lines = [
    'flowchart LR',
    `  accTitle: ${title}`,
    `  accDescr: ${pictures.map(descriptionOf).join(' ')}`,
    ...pictures.flatMap(groupOf),
  ];
  return `${lines.join('\n')}\n`;
}

function groupOf(picture: NetworkPicture, index: number): readonly string[] {
  const { label, egress, forwards } = picture;
  const boxes = boxesOf(picture);
  const id = (name: keyof typeof boxes) => `${name}${index}`;
  return [
    `  subgraph network${index}g["${escaped(label)}"]`,
    `    ${id('clients')}["${textOf(boxes.clients)}"]`,
    `    ${id('network')}["${textOf(boxes.network)}"]`,
    `    ${id('routers')}["${textOf(boxes.routers)}"]`,
    '  end',
    `  ${id('outside')}(["${textOf(boxes.outside)}"])`,
    `  ${id('cluster')}(["${textOf(boxes.cluster)}"])`,
    `  ${id('clients')} -- "net1" --> ${id('network')} --> ${id('routers')} -- "${escaped(egress.interface)}" --> ${id('outside')}`,
    `  ${id('clients')} -. "eth0" .-> ${id('cluster')}`,
    ...(forwards.length === 0
      ? []
      : [`  ${id('outside')} -. "${forwards.map(escaped).join('<br/>')}" .-> ${id('clients')}`]),
  ];
}

function textOf({ heading, lines }: Box): string {
  return [`<b>${escaped(heading)}</b>`, ...lines.map(escaped)].join('<br/>');
}

/** What has a meaning in a text in quotes. */
function escaped(text: string): string {
  return text
    .replaceAll('#', '#35;')
    .replaceAll('&', '#amp;')
    .replaceAll('"', '#quot;')
    .replaceAll('<', '#lt;')
    .replaceAll('>', '#gt;');
}
