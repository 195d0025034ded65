import { expect, test } from 'vitest';
import { pinned } from '../engines/tool.ts';
import { read } from './page.ts';

const page = read('docs/compatibility.md');

test.each([
  ['Kubernetes', 'KUBERNETES_VERSION'],
  ['Multus', 'MULTUS_VERSION'],
  ['whereabouts', 'WHEREABOUTS_VERSION'],
])('the rows of docs/compatibility.md have the pinned %s', (column, name) => {
  const [header = '', , ...rows] = /^\| run \|[^]*?\n\n/m.exec(page)?.[0].trim().split('\n') ?? [];
  const index = header.split('|').findIndex((cell) => cell.trim() === column);
  const versions = rows.map((row) => row.split('|')[index]?.trim()).filter((cell) => cell !== '');
  expect(new Set(versions)).toEqual(new Set([pinned(name)]));
});

test.each([
  'CNI_PLUGINS_VERSION',
  'FLANNEL_VERSION',
  'KUBE_ROUTER_VERSION',
  'KPT_VERSION',
  'HELM_VERSION',
  'ARGO_CD_VERSION',
  'CMP_SERVER_VERSION',
  'FLUX_VERSION',
  'SOURCE_CONTROLLER_VERSION',
])('docs/compatibility.md has the pinned version of %s', (name) => {
  expect(page).toMatch(new RegExp(String.raw`(?<![\d.])${pinned(name).replaceAll('.', String.raw`\.`)}(?![\d])`));
});

test('docs/compatibility.md has every kustomize', () => {
  expect(page).toContain(`| kustomize | ${pinned('KUSTOMIZE_VERSIONS').replaceAll(' ', ', ')} |`);
});
