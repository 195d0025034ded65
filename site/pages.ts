import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';

/** The repository. */
export const ROOT = dirname(import.meta.dirname);
const SOURCES = ['docs/{,decisions/,platforms/}*.md', 'examples/*/README.md', '{CHANGELOG,CONTRIBUTING,SECURITY}.md'];
const HOME = 'site/index.md';

/** The files of the repository that are pages, and the path of each on the site. */
export const PAGES: ReadonlyMap<string, string> = new Map([
  [HOME, 'index.md'],
  ['README.md', 'readme.md'],
  ...SOURCES.flatMap((glob) => globSync(glob, { cwd: ROOT }).toSorted()).map((file) => [file, pathOf(file)] as const),
]);

/** Where files are read that are no pages: a branch, or the tag of a release. */
const REF = process.env['SITE_REF'] ?? 'main';
const REPOSITORY = 'https://github.com/gateway-network-fn/gateway-network-fn';

export function sourceLink(file: string): string {
  const kind = statSync(join(ROOT, file)).isDirectory() ? 'tree' : 'blob';
  return `${REPOSITORY}/${kind}/${REF}/${file}`;
}

function pathOf(file: string): string {
  if (file.startsWith('docs/')) return file.slice('docs/'.length).replace(/README\.md$/, 'index.md');
  return file.startsWith('examples/') ? file.replace('/README.md', '.md') : file.toLowerCase();
}

/**
 * Where a link of a page leads on the site: to another page, or to the repository for what is no page.
 * @throws {@link Error} where the repository has no such file
 */
export function linkOn(file: string, link: string): string {
  if (/^(?:[a-z][\w+.-]*:|#|\/)/i.test(link)) return link;
  const [path = '', anchor] = link.split('#');
  const target = normalize(join(dirname(file), decodeURI(path))).replace(/\/$/, '');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const page = PAGES.get(target) ?? PAGES.get(`${target}/README.md`);
  if (page !== undefined) return `/${page}${hash}`;
  if (!existsSync(join(ROOT, target))) throw new Error(`${file} links to ${link}, which is not there`);
  return `${sourceLink(target)}${hash}`;
}

/** The first heading of a page. */
export function titleOf(file: string): string {
  return /^# (.*)$/m.exec(readFileSync(join(ROOT, file), 'utf8'))?.[1]?.replaceAll('`', '') ?? file;
}

/** The name that GitHub gives to a heading, so that links to it lead to the same place on both. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
