import { basename } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { describe, expect, test } from 'vitest';
import { formatDiagnosis } from '../../fn/doctor/text.ts';
import { expand } from '../../fn/index.ts';
import { blocksOf, PAGES, read } from '../documents/page.ts';
import { shown } from '../documents/shown.ts';
import { manifestsOf } from '../engines/documents.ts';
import { asItComes, PLATFORMS } from './as-it-comes.ts';
import type { Planted } from './cluster-objects.ts';
import { ALLOWED } from './openshift.ts';
import { diagnosisOf, factsOf, faultsOf, rendered } from './facts.ts';

const NAMES = PAGES.filter((page) => /^docs\/platforms\/(?!README)/.test(page)).map((page) => basename(page, '.md'));

test('every platform has a page, and every page a platform', () => {
  expect(NAMES).toEqual(Object.keys(PLATFORMS));
});

test('the page of OpenShift lists all sysctls', () => {
  expect(read('docs/platforms/openshift.md').replaceAll(/^ +/gm, '')).toContain(ALLOWED);
});

describe.each(NAMES.map((name) => [name, PLATFORMS[name]] as const))('docs/platforms/%s.md', (name, platform) => {
  if (platform === undefined) throw new Error(`no platform is ${name}`);
  const { documented } = platform;
  const blocks = blocksOf(read(`docs/platforms/${name}.md`));

  test('has a network that `doctor` finds no fault with, where all is as the page says', () => {
    const text = blocks.find((block) => isNetwork(block.text))?.text ?? '';
    const objects = manifestsOf(expand(text).text) as readonly object[] as readonly Planted[];
    const found = diagnosisOf(factsOf(documented.objects, documented.version), objects);
    expect([found.platform, found.primary, faultsOf(found)]).toEqual([documented.platform, documented.primary, []]);
  });

  test('shows what `doctor` says where nothing is set', () => {
    const found = diagnosisOf(factsOf(asItComes(platform), documented.version), platform.network ?? rendered());
    const said = formatDiagnosis(found, (_, word) => word);
    const block = blocks.find(({ text }) => text.startsWith('https://'));
    expect(said).toMatch(shown(block?.text ?? ''));
    expect(faultsOf(found).length > 0).toBe(/^ +error /m.test(block?.text ?? ''));
  });
});

function isNetwork(text: string): boolean {
  return parseAllDocuments(text).some((document) => document.get('kind') === 'GatewayNetwork');
}
