import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { ROOT } from './commands/command.ts';
import { ROOMS } from './rooms.ts';

const PAGES = globSync('{*.md,.github/*.md,{deploy,docs,examples,test}/**/*.md}', { cwd: ROOT }).toSorted();
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const contributing = read('CONTRIBUTING.md');

/** A page without its code. */
function prose(page: string): string {
  return page.replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
}

/** The names that GitHub gives to the headings of a page. */
function anchors(page: string): readonly string[] {
  const headings = page.replace(/^```[^]*?^```/gm, '').match(/^#+ .*/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(PAGES)('%s', (page) => {
  const text = read(page);

  test('links to what is there', () => {
    const links = [...prose(text).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    const dead = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchors(read(target)).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  test('names scripts that are there', () => {
    const names = [...text.matchAll(/\bnpm run (?:--?[\w-]+ )*([\w:-]+)/g)].map(([, name = '']) => name);
    expect(names.filter((name) => !(name in packageJson.scripts))).toEqual([]);
  });
});

const WITH_COMMANDS = PAGES.filter((page) => /^(?:docs|examples)\//.test(page) && /^```sh/m.test(read(page)));

test.each(WITH_COMMANDS.filter((page) => page !== 'docs/install.md' && !page.includes('decisions')))(
  '%s has commands, and says how to get the program',
  (page) => expect(prose(read(page))).toMatch(/\]\((?:\.\.\/\.\.\/docs\/)?install\.md(?:#[\w-]+)?\)/),
);

describe('CONTRIBUTING.md', () => {
  const decided = [...contributing.matchAll(/^\| [^|]+ \| `([^`|]+\/[^`|]+)` \| `([^`|]+)` \|$/gm)];

  test('says where ten facts of the output are decided', () => expect(decided.length).toBeGreaterThanOrEqual(10));

  test.each(decided.map(([, file = '', by = '']) => [file, by]))('finds in %s: %s', (file, by) => {
    expect(read(file)).toContain(by);
  });

  test('has a test to begin from for every folder of its table', () => {
    const rows = contributing.match(/^.*`npm run test:.*$/gm)?.join('\n');
    for (const path of ROOMS.flatMap(({ paths }) => paths).filter((one) => !one.includes('.')))
      expect(rows).toContain(`\`${path}\``);
  });

  test('runs tests that are there', () => {
    const paths = [...contributing.matchAll(/npm run test:\w+ -- (\S+?)`/g)].map(([, path = '']) => path);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

test('workflows pin every action to a commit, and call the gate', () => {
  const workflows = globSync('.github/workflows/*', { cwd: ROOT }).map(read);
  const actions = workflows.flatMap((text) => text.match(/uses: .*/g) ?? []);
  for (const action of actions) expect(action).toMatch(/^uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  expect(workflows.join('')).toContain('run: .ci/run\n');
});
