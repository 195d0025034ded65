import { join } from 'node:path';
import { type DefaultTheme, defineConfig, type MarkdownRenderer, type UserConfig } from 'vitepress';
import packageJson from '../../package.json' with { type: 'json' };
import { imageOf } from '../diagram.ts';
import { EXAMPLES } from '../examples.ts';
import { anchorOf, linkOn, PAGES, ROOT, sourceLink, titleOf } from '../pages.ts';

type Plugin = Extract<NonNullable<NonNullable<UserConfig['vite']>['plugins']>[number], { readonly name: string }>;

/** What VitePress finds beside the pages: everything else that is Markdown. */
const OTHERS = ['**/node_modules/**', '**/dist/**', '{deploy,fn,runtimes,schemas,test,.github}/**', 'site/README.md'];

/** The path of the site on its server. */
const BASE = process.env['SITE_BASE'] ?? '/';

/** The sidebar; pages that stand in no group are found below `More`. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'Begin here': ['getting-started', 'install', 'how-it-works', 'clients', 'faq', 'troubleshooting', 'glossary'],
  'Your cluster': ['platforms/README', 'compatibility', 'primary-networks', 'security-model', 'upgrade'],
  'What a network can have': ['vpn', 'egress-network', 'high-availability', 'port-forwards', 'dns', 'metrics'],
  'Ways to run it': ['command-line', 'kustomize', 'kpt', 'helm', 'argo-cd', 'flux', 'library', 'editor', 'node-image'],
  'With a cluster': ['test', 'changes', 'ways-around'],
  Reference: ['reference', 'flux-reference', 'stability', 'benchmarks'],
};

/** Groups that can be folded are not used: the theme puts a button into a button for them. */
function sidebar(): DefaultTheme.SidebarMulti {
  const files = [...PAGES.keys()];
  const item = (file: string) => ({ text: titleOf(file), link: `/${PAGES.get(file)}` });
  const group = (text: string, some: readonly string[]) => ({ text, items: some.map(item) });
  const below = (folder: string) => files.filter((file) => file.startsWith(folder));
  const [examples, decisions] = [below('examples/'), below('docs/decisions/')];
  const platforms = below('docs/platforms/');
  const docs = files.filter((file) => /^docs\/[^/]+$/.test(file));
  const listed = Object.entries(GROUPS).map(([text, names]) =>
    group(
      text,
      names.map((name) => `docs/${name}.md`),
    ),
  );
  const known = new Set(Object.values(GROUPS).flat());
  const others = docs.filter((file) => !known.has(file.slice('docs/'.length, -'.md'.length)));
  const more = group('More', [...others, 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md']);
  const first = (text: string, [file = '']: readonly string[]) => ({ ...item(file), text });
  more.items.unshift(first('Examples', examples), first('Decisions', decisions));
  const back = { items: [{ text: 'All pages', link: '/install.md' }] };
  return {
    '/examples/': [back, group('Examples', examples)],
    '/decisions/': [back, group('Decisions', decisions)],
    '/platforms/': [back, group('Platforms', platforms)],
    '/': [...listed, more],
  };
}

/** The file of a page, which VitePress names by it, or by its path on the site. */
function fileOf(env: unknown): string {
  const named = (env as { readonly path: string }).path.slice(ROOT.length + 1);
  const file = PAGES.has(named) ? named : [...PAGES].find(([, path]) => path === named)?.[0];
  if (file === undefined) throw new Error(`${named} is no page`);
  return file;
}

/** The example that a page is of, if the playground has it. */
function exampleOf(env: unknown): string | undefined {
  return EXAMPLES.find(({ name }) => fileOf(env) === `examples/${name}/README.md`)?.name;
}

function pagesAsTheyAre(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('links-of-the-repository', ({ tokens, env }) => {
    const file = fileOf(env);
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const link = token.type === 'link_open' ? token.attrGet('href') : null;
      if (link !== null) token.attrSet('href', linkOn(file, link));
    }
  });
  markdown.core.ruler.push('link-to-the-playground', (state) => {
    const name = exampleOf(state.env);
    const heading = state.tokens.findIndex(({ type }) => type === 'heading_close');
    if (name === undefined || heading < 0) return;
    const link = new state.Token('html_block', '', 0);
    link.content = `<p><a href="${BASE}playground/index.html#${name}" target="_self">Open it in the playground</a></p>\n`;
    state.tokens.splice(heading + 1, 0, link);
  });
  const fence = markdown.renderer.rules.fence;
  markdown.renderer.rules.fence = (tokens, index, ...rest) => {
    const token = tokens[index];
    if (token?.info.trim() === 'mermaid') return imageOf(token.content);
    return fence?.(tokens, index, ...rest) ?? '';
  };
}

/** Pages are outside of this folder, where packages are not found. */
const vueOfPages: Plugin = {
  name: 'vue-of-pages',
  enforce: 'pre',
  resolveId(id, importer, { ssr }) {
    if (!/^vue(?:\/|$)/.test(id) || importer === undefined) return undefined;
    // What draws the pages at the build is run from this folder.
    if (ssr === true) return { id, external: true };
    return this.resolve(id, join(ROOT, 'site/index.md'));
  },
};

export default defineConfig({
  title: 'gateway-network-fn',
  description: 'Pods leave a Kubernetes cluster by one gateway and never around it.',
  lang: 'en',
  base: BASE,
  srcDir: '..',
  srcExclude: OTHERS,
  outDir: 'dist',
  cacheDir: '.vitepress/cache',
  rewrites: Object.fromEntries(PAGES),
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: {
    anchor: { slugify: anchorOf },
    config: pagesAsTheyAre,
    theme: { light: 'github-light-high-contrast', dark: 'github-dark' },
  },
  // The home page of the theme names no part of it as the main one.
  transformHtml: (page) => page.replace('<div class="VPContent is-home"', '<div role="main" class="VPContent is-home"'),
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    sidebar: sidebar(),
    nav: [
      { text: 'Install', link: '/install.md' },
      { text: 'Every field', link: '/reference.md' },
      { text: 'Playground', link: '/playground/index.html', target: '_self' },
      {
        text: packageJson.version,
        items: [
          { text: 'Changelog', link: '/changelog.md' },
          { text: 'What a release may change', link: '/stability.md' },
          { text: 'These pages in the repository', link: sourceLink('docs') },
        ],
      },
    ],
  },
  vite: {
    plugins: [vueOfPages],
    server: { fs: { allow: [ROOT] } },
    build: { chunkSizeWarningLimit: 2000 },
  },
});
