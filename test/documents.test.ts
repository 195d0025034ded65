import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { ROOT } from './commands/command.ts';
import { commandFault } from './documents/command-fault.ts';
import { type Block, blocksOf, FOR_USERS, PAGES, read } from './documents/page.ts';
import { ROOMS } from './rooms.ts';
import { yamlFault } from './documents/yaml-fault.ts';

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
    const links = [...prose(text).matchAll(/(?:\]\(|^\[[^\]]+\]: )(?!https?:)([^)\s]+)/gm)].map(
      ([, link = '']) => link,
    );
    const dead = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchors(read(target)).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  test('has an address for each name of a link', () => {
    const named = [...prose(text).matchAll(/\]\[([^\]]+)\]/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !text.includes(`\n[${name}]: `))).toEqual([]);
  });

  test('names scripts that are there', () => {
    const names = [...text.matchAll(/\bnpm run (?:--?[\w-]+ )*([\w:-]+)/g)].map(([, name = '']) => name);
    expect(names.filter((name) => !(name in packageJson.scripts))).toEqual([]);
  });
});

const WITH_BLOCKS = FOR_USERS.filter((page) => blocksOf(read(page)).length > 0);

test.each(WITH_BLOCKS)('the blocks of %s are what readers can use, and somebody tries them', (page) => {
  const faults = blocksOf(read(page)).map((block) => [block.line, faultOf(page, block)]);
  expect(faults.filter(([, fault]) => fault !== undefined)).toEqual([]);
});

function faultOf(page: string, block: Block): string | undefined {
  const [strange] = block.strange;
  if (strange !== undefined) return `is no mark: ${strange}`;
  if (block.language === 'yaml') return yamlFault(block);
  return block.language === 'sh' ? commandFault(page, block) : undefined;
}

const WITH_COMMANDS = PAGES.filter((page) => /^(?:docs|examples)\//.test(page) && /^```sh/m.test(read(page)));

test.each(WITH_COMMANDS.filter((page) => page !== 'docs/install.md' && !page.includes('decisions')))(
  '%s has commands, and says how to get the program',
  (page) => expect(prose(read(page))).toMatch(/\]\((?:\.\.\/|\.\.\/\.\.\/docs\/)?install\.md(?:#[\w-]+)?\)/),
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
  for (const action of actions)
    expect(action).toMatch(/^uses: (?:[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\.\/\.github\/workflows\/ci\.yaml)$/);
  expect(workflows.join('')).toContain('run: .ci/run\n');
});
