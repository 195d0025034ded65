/** A repository that tries to have something read, and how it hides that. */
export interface Mutation {
  readonly name: string;
  /** Contents by their paths in the repository, whose application is `app`. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Links by their paths. */
  readonly links: Readonly<Record<string, string>>;
}

/** What must not be read: an address, and a file and a directory outside of the repository. */
export interface Forbidden {
  readonly address: string;
  readonly file: string;
  readonly directory: string;
}

type Random = <T>(choices: readonly T[]) => T;

const NETWORK =
  'apiVersion: gatewaynetwork.dev/v1alpha1\nkind: GatewayNetwork\nmetadata: {name: vpn, namespace: egress}\n';
const HIDDEN_LINE_ENDS = ['\u0085', '\u2028', '\u2029', '\r'];

/** The places of a kustomization that name something, with VALUE where the name is, in flow style. */
const PLACES: readonly (readonly [string, 'file' | 'directory'])[] = [
  ['resources: [n.yaml, VALUE]', 'file'],
  ['resources: [n.yaml, VALUE]', 'directory'],
  ['bases: [VALUE]', 'directory'],
  ['components: [VALUE]', 'directory'],
  ['crds: [VALUE]', 'file'],
  ['configurations: [VALUE]', 'file'],
  ['openapi: {path: VALUE}', 'file'],
  ['patches: [{path: VALUE, target: {kind: GatewayNetwork}}]', 'file'],
  ['patchesStrategicMerge: [VALUE]', 'file'],
  ['patchesJson6902: [{path: VALUE, target: {version: v1alpha1, kind: GatewayNetwork, name: vpn}}]', 'file'],
  ['replacements: [{path: VALUE}]', 'file'],
  ['configMapGenerator: [{name: c, files: [VALUE]}]', 'file'],
  ['configMapGenerator: [{name: c, envs: [VALUE]}]', 'file'],
  ['configMapGenerator: [{name: c, env: VALUE}]', 'file'],
  ['secretGenerator: [{name: c, files: [VALUE]}]', 'file'],
  ['generators: [VALUE]', 'file'],
  ['transformers: [VALUE]', 'file'],
  ['validators: [VALUE]', 'directory'],
];

/** Configurations of plugins that name something. */
const PLUGINS: readonly string[] = [
  'kind: PatchTransformer, metadata: {name: p}, target: {kind: GatewayNetwork}, path: VALUE',
  'kind: PatchJson6902Transformer, metadata: {name: p}, target: {kind: GatewayNetwork, name: vpn}, path: VALUE',
  'kind: PatchStrategicMergeTransformer, metadata: {name: p}, paths: [VALUE]',
  'kind: ReplacementTransformer, metadata: {name: p}, replacements: [{path: VALUE}]',
  'kind: ValueAddTransformer, metadata: {name: p}, value: a, targetFilePath: VALUE',
].map((text) => `apiVersion: builtin, ${text}`);
const GENERATORS: readonly string[] = [
  'kind: ConfigMapGenerator, metadata: {name: p}, files: [VALUE]',
  'kind: SecretGenerator, metadata: {name: p}, envs: [VALUE]',
].map((text) => `apiVersion: builtin, ${text}`);

/** How the name itself is spelled; the plain form first. */
const SPELLINGS: readonly ((value: string, random: Random) => string)[] = [
  (value) => JSON.stringify(value),
  (value) => value,
  (value) => `'${value}'`,
  (value) => `!!binary ${base64(value)}`,
  (value) => `!!binary "${base64(value)}"`,
  (value) => `!<tag:yaml.org,2002:binary> ${base64(value)}`,
  (value) => `!!str ${JSON.stringify(value)}`,
  (value) => `! ${value}`,
  (value) => `&a ${JSON.stringify(value)}`,
  (value) => `"${[...value].map((c) => `\\x${hex(c, 2)}`).join('')}"`,
  (value) => `"${[...value].map((c) => `\\u${hex(c, 4)}`).join('')}"`,
  (value) => `"${[...value].map((c) => `\\U${hex(c, 8)}`).join('')}"`,
  (value) => `"${value.slice(0, 2)}\\\n  ${value.slice(2)}"`,
  (value, random) => `"${value.slice(0, 2)}\\${random(HIDDEN_LINE_ENDS)}  ${value.slice(2)}"`,
  (value) => JSON.stringify(value.replace(/^http/, 'HTTP')),
  (value) => JSON.stringify(` ${value}`),
  (value) => JSON.stringify(`${value}\t`),
  (value) => JSON.stringify(`./${value}`),
  (value) => JSON.stringify(`app/../${value}`),
  (value) => JSON.stringify(value.replaceAll('/', '//').replace(':////', '://')),
  (value) => JSON.stringify(value.replaceAll('.', '%2e')),
  (value) => JSON.stringify(`k=${value}`),
  (value) => JSON.stringify(`git::${value}`),
  (value) => JSON.stringify(`${value}?ref=main`),
  (value) => JSON.stringify(value.replace('127.0.0.1', 'user@127.0.0.1')),
];

/** How the line with the name is brought past a reader; gives a whole kustomization. */
type Disguise = (line: string, random: Random) => string | Uint8Array;
const DISGUISES: readonly Disguise[] = [
  (line) => line,
  ...Array.from({ length: 8 }, (): Disguise => (line, random) => `# nothing here${random(HIDDEN_LINE_ENDS)}${line}\n`),
  (line, random) => `namePrefix: a- # nothing${random(HIDDEN_LINE_ENDS)}${line}\n`,
  (line, random) => `namePrefix: a-${random(HIDDEN_LINE_ENDS)}${line}\n`,
  (line, random) => `commonAnnotations:\n  a: |\n    text${random(HIDDEN_LINE_ENDS)}${line}\n`,
  (line, random) => `commonAnnotations: {a: 'text${random(HIDDEN_LINE_ENDS)}'}\n${line}\n`,
  (line, random) => `---${random(HIDDEN_LINE_ENDS)}${line}\n`,
  (line, random) => `{}\n#${random(HIDDEN_LINE_ENDS)}---${random(HIDDEN_LINE_ENDS)}${line}\n`,
  (line) => line.replaceAll(': ', ':\t'),
  (line) => `{${line}}\n`,
  (line) => line.replace(/^(\w+):/, '"$1":').replaceAll('": ', '":'),
  (line) => line.replace(/(\w+): !!/g, '"$1":!!'),
  (line) =>
    line.replace(
      /(path|env|targetFilePath): "([^"]*)"/g,
      (_, key: string, value: string) => `"${key}":!!binary ${base64(value)}`,
    ),
  (line) =>
    line.replace(
      /(path|env|targetFilePath): "([^"]*)"/g,
      (_, key: string, value: string) => `"${key}":!!binary "${base64(value)}"`,
    ),
  (line) => `? ${line.replace(/^(\w+):/, '$1\n:')}\n`,
  (line) => line.replace(/^\w+/, (key) => key.toUpperCase()),
  (line) => line.replace(/\b(path|files|envs|env|paths|targetFilePath)\b/g, (key) => key.toUpperCase()),
  (line) => line.replaceAll('s', '\u017F').replaceAll('k', '\u212A'),
  (line) => line.replace(/^(\w+):/, (_, key: string) => `${key.replaceAll('s', '\u017F').replaceAll('k', '\u212A')}:`),
  (line) => line.replace(/\b(files|envs|paths)\b/g, (key) => key.replaceAll('s', '\u017F')),
  (line) => `\uFEFF${line}`,
  (line) => `---\n\uFEFF${line}`,
  (line) => Buffer.from(`\uFEFF${line}`, 'utf16le'),
  (line) => Buffer.from(line, 'utf16le'),
  (line) => Buffer.from(`\uFEFF${line}`, 'utf16le').swap16(),
  (line) => utf32(`\uFEFF${line}`),
  (line) => Buffer.concat([Buffer.from('# \xFF\n', 'latin1'), Buffer.from(line)]),
  (line) => Buffer.concat([Buffer.from('# \xC2\n', 'latin1'), Buffer.from(line)]),
  (line) => `# \0\n${line}`,
  (line) => `%YAML 1.2\n---\n${line}`,
  (line) => `%YAML 1.1\n---\n${line}`,
  (line) => `%TAG !b! tag:yaml.org,2002:\n---\n${line.replaceAll('!!', '!b!')}`,
  (line) => `namePrefix: a-\n---\n${line}`,
  (line) => `${line}\n---\nnamePrefix: a-\n`,
  (line) => `namePrefix: a-\n...\n${line}\n`,
  (line) => `${line}\n${line.replace(/VALUE|"[^"]*"/, 'n.yaml')}\n`,
  (line) => `${line.replace(/"[^"]*"/, 'n.yaml')}\n${line}\n`,
  (line) => `"<<": {${line}}\n`,
  (line) => `<<: {${line}}\n`,
  (line) => `commonAnnotations: &m {${line}}\n<<: *m\n`,
  (line) => `vars: [&m {${line}}]\n<<: [*m]\n`,
  (line) => `x: ${'['.repeat(400)}${']'.repeat(400)}\n${line}\n`,
  (line) => `x: &a [${'b,'.repeat(9)}]\ny: &b [${'*a,'.repeat(9)}]\nz: &c [${'*b,'.repeat(9)}]\n${line}\n`,
  (line) => `${' '.repeat(2)}${line}\n`,
  (line) => `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${line}\n`,
  (line) => `imageTags: []\n${line.replaceAll('images', 'imageTags')}\n`,
  (line) => `helmCharts: [{name: a, repo: b}]\n${line}\n`,
];

/** A mutation that depends on a seed alone. Every second one or so leads to a build. */
export function mutationOf(seed: number, forbidden: Forbidden): Mutation {
  const random = randomOf(seed);
  const [place, kind] = random(PLACES);
  const spelled = (line: string): string => {
    const target = random(['address', 'address', 'address', 'relative', 'absolute', 'link', 'missing'] as const);
    const value = {
      address: `${forbidden.address}/${seed}`,
      relative: kind === 'directory' ? '../../outside' : '../../outside/secret.yaml',
      absolute: kind === 'directory' ? forbidden.directory : forbidden.file,
      link: kind === 'directory' ? 'linked' : 'linked.yaml',
      missing: 'git@127.0.0.1:a/b',
    }[target];
    // Half of them are only disguised.
    const spelling = random([true, false]) ? random(SPELLINGS) : SPELLINGS[0]!;
    return line.replace('VALUE', () => spelling(value, random));
  };
  const disguised = (line: string): string | Uint8Array => random(DISGUISES)(withResources(spelled(line)), random);
  const files: Record<string, string | Uint8Array> = { 'app/n.yaml': NETWORK };
  const links = {
    'app/linked.yaml': forbidden.file,
    'app/linked': forbidden.directory,
    'base/linked': '../../outside',
  };
  const way = random([
    ...(['app', 'app', 'app', 'app', 'app', 'app', 'app', 'base', 'base', 'base', 'component', 'inline'] as const),
    ...(['file', 'file', 'list', 'collection', 'patched'] as const),
  ]);
  const [field, plugins] = random([
    ['transformers', PLUGINS],
    ['generators', GENERATORS],
  ] as const);
  const plugin = (): string => spelled(random(plugins));
  const own = (text: string): void => void (files['app/kustomization.yaml'] = `resources: [n.yaml]\n${text}`);
  if (way === 'app')
    files[`app/${random(['kustomization.yaml', 'kustomization.yml', 'Kustomization'])}`] = disguised(place);
  if (way === 'base') {
    own('');
    files['app/kustomization.yaml'] = 'resources: [../base]\n';
    Object.assign(files, { 'base/n.yaml': NETWORK, 'base/kustomization.yaml': disguised(place) });
  }
  if (way === 'component') {
    own('components: [../part]\n');
    files['part/kustomization.yaml'] = `kind: Component\n${spelled(place.replace('n.yaml, ', ''))}\n`;
  }
  if (way === 'inline') own(`${field}:\n- |\n  {${plugin().replaceAll('\n', '\n  ')}}\n`);
  if (way === 'file') {
    own(`${field}: [p.yaml]\n`);
    files['app/p.yaml'] = random(DISGUISES)(`{${plugin()}}`, random);
  }
  if (way === 'list') {
    own(`${field}: [p.yaml]\n`);
    files['app/p.yaml'] =
      `{apiVersion: v1, kind: ${random(['List', 'ResourceList', 'FooList'])}, items: [{${plugin()}}]}\n`;
  }
  if (way === 'collection') {
    own(`${field}: [../plugins]\n`);
    files['plugins/kustomization.yaml'] = 'resources: [p.yaml]\n';
    files['plugins/p.yaml'] = `{${plugin()}}\n`;
  }
  if (way === 'patched') {
    own(`${field}: [../plugins]\n`);
    const patch = JSON.stringify([{ op: 'add', path: '/path', value: `${forbidden.address}/${seed}` }]);
    files['plugins/kustomization.yaml'] =
      `resources: [p.yaml]\npatches: [{target: {kind: PatchTransformer}, patch: '${patch}'}]\n`;
    files['plugins/p.yaml'] =
      '{apiVersion: builtin, kind: PatchTransformer, metadata: {name: p}, target: {kind: GatewayNetwork}, patch: "- {op: test, path: /kind, value: GatewayNetwork}"}\n';
  }
  return { name: `${seed} ${way}`, files, links };
}

/** A kustomization has the network, too, so that kustomize has something to work on. */
function withResources(line: string): string {
  return line.startsWith('resources') ? line : `${line}\nresources: [n.yaml]`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function hex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, '0');
}

function utf32(text: string): Uint8Array {
  return Buffer.concat(
    [...text].map((character) => Buffer.from([character.charCodeAt(0) & 0xff, character.charCodeAt(0) >> 8, 0, 0])),
  );
}

/** mulberry32: a small generator of numbers that look random, the same for the same seed. */
function randomOf(seed: number): Random {
  let state = seed * 0x9e3779b1;
  return (choices) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return choices[((mixed ^ (mixed >>> 14)) >>> 0) % choices.length]!;
  };
}
