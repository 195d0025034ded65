import { describe, expect, test } from 'vitest';
import { isWanted, pathSegments, renderTree, type Tree } from '../../fn/flux/tree.ts';
import { kustomizationOf } from '../../fn/files/directory-files.ts';
import { networkText } from './tarball.ts';

const tree = (files: Readonly<Record<string, string>>): Tree =>
  new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));

describe('spec.path', () => {
  test.for([
    ['./', []],
    ['', []],
    ['.', []],
    ['clusters//production/', ['clusters', 'production']],
    ['./a/./b', ['a', 'b']],
  ] as const)('%s', ([path, segments]) => expect(pathSegments(path)).toEqual(segments));

  test.for(['/etc', '../x', 'a/../..', '..'])('%s is refused', (path) => {
    expect(() => pathSegments(path)).toThrow(`spec.path is "${path}" and must be relative to the source, without ".."`);
  });
});

describe('what is read', () => {
  test.for([
    ['a/x.yaml', true],
    ['a/b/c/x.yml', true],
    ['a/x.json', true],
    ['a/kustomization.yaml', true],
    ['a/Kptfile', false],
    ['a/x.txt', false],
    ['a/.hidden.yaml', false],
    ['a/.git/x.yaml', false],
    ['ab/x.yaml', false],
    ['x.yaml', false],
    ['a', false],
  ] as const)('%s: %s', ([path, wanted]) => expect(isWanted(path, ['a'])).toBe(wanted));
});

describe('a tree', () => {
  test('becomes a file for each object, and a kustomization that lists them', () => {
    const { files, warnings } = renderTree(
      tree({ 'vpn.yaml': networkText(), 'note.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: note}\n' }),
      './',
    );
    expect([...files.keys()]).toContain('egress/daemonset_vpn-node-agent.yaml');
    expect(files.get('kustomization.yaml')).toContain('  - egress/daemonset_vpn-node-agent.yaml\n');
    expect(files.get('configmap_note.yaml')).toBe('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: note}\n');
    expect([...files.values()].join('')).not.toContain('kind: GatewayNetwork\n');
    expect(warnings).toEqual([]);
  });

  test.for(['\u0085', '\u2028', '\u2029', '\r'])(
    'with an object behind the line end %j, which Flux sees and we do not, is refused',
    (end) => {
      const hidden = `# nothing${end}---${end}kind: ConfigMap${end}apiVersion: v1${end}metadata: {name: hidden}\n`;
      const code = end.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
      expect(() => renderTree(tree({ 'vpn.yaml': networkText(), 'a/b.yaml': hidden }), './')).toThrow(
        `a/b.yaml must not hold the character U+${code}, which ends a line for some readers of YAML and not for others`,
      );
    },
  );

  test('with line ends of Windows, or such characters in escapes, is read', () => {
    const text = 'apiVersion: v1\r\nkind: ConfigMap\r\nmetadata: {name: note}\r\ndata: {a: "\\u2028"}\r\n';
    expect(
      renderTree(tree({ 'vpn.yaml': networkText(), 'a.yaml': text }), './').files.get('configmap_note.yaml'),
    ).toContain('\\u2028');
  });

  test('gives the same files in whatever order it came', () => {
    const files = {
      'b.yaml': networkText('b', 102, '192.168.2.0/24'),
      'a/z.yaml': networkText('az', 103, '192.168.3.0/24'),
      'a.yaml': networkText('a', 101, '192.168.1.0/24'),
    };
    const backwards = Object.fromEntries(Object.entries(files).toReversed());
    const [one, other] = [files, backwards].map((each) => [...renderTree(tree(each), './').files]);
    expect(one).toEqual(other);
  });

  test.for([
    [
      'a bad field',
      { 'a/vpn.yaml': networkText().replace('1000', '0') },
      /^error: a\/vpn\.yaml:6:13: GatewayNetwork egress\/vpn: `spec\.overlay\.vni` must be between .*"0"/,
    ],
    [
      'two bad fields',
      { 'vpn.yaml': networkText().replace('1000', '0').replace('192.168.50.0/24', 'x') },
      /spec\.overlay\.vni[^]*\n.*spec\.subnets\[0\]|spec\.subnets\[0\][^]*\n.*spec\.overlay\.vni/,
    ],
    ['broken YAML', { 'vpn.yaml': `${networkText()}  - [` }, /^error: vpn\.yaml/],
    ['no network', { 'x.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n' }, /found no GatewayNetwork/],
    ['no file', {}, /spec\.path is "\.\/", where the source has no file/],
    ['bytes that are no text', { 'x.yaml': '\uD800' }, /./],
    [
      'a document that is no object',
      { 'x.yaml': networkText(), 'y.yaml': 'apiVersion: v1\n---\na: 1\n' },
      /^error: y\.yaml: line 1: must have an `apiVersion` and a `kind`.*\nerror: y\.yaml: line 3/,
    ],
    [
      'merge keys without end',
      { 'x.yaml': `${networkText()}  a: &a {${keys(11_000)}}\n  b:\n${'  - {<<: *a}\n'.repeat(6000)}` },
      /^error: x\.yaml(?::\d+:\d+)?: GatewayNetwork egress\/vpn: .* must not get more than 100000 keys from merges/,
    ],
    ['a YAML bomb', { 'x.yaml': `${networkText()}  bomb: ${bomb()}\n` }, /^error: x\.yaml/],
  ] as const)('with %s is refused', ([, files, message]) => {
    const act = () => renderTree(tree(files), './');
    expect(act).toThrow(message);
    expect(act).toThrow(expect.objectContaining({ reason: 'RenderFailed', isTransient: false }));
  });

  test.for(['kustomization.yaml', 'base/kustomization.yml', 'Kustomization'])(
    'with %s is refused, whatever that asks for: functions, remote bases, files elsewhere',
    (path) => {
      const text = 'resources: [https://example.com/x, ../../x]\ntransformers: [fn.yaml]\n';
      expect(() => renderTree(tree({ 'vpn.yaml': networkText(), [path]: text }), './')).toThrow(
        `${path}: kustomizations are not built here`,
      );
    },
  );

  test('leaves out what `render -o` wrote beside its sources, and nothing else there', () => {
    const sources = {
      'vpn.yaml': networkText(),
      'rendered/mine.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine}\n',
    };
    const rendered = renderTree(tree(sources), './').files;
    const written = Object.fromEntries([...rendered].map(([path, text]) => [`rendered/${path}`, text]));
    expect(written['rendered/configmap_mine.yaml']).toBeDefined();
    expect(renderTree(tree({ ...sources, ...written }), './').files).toEqual(rendered);
  });

  test.for([
    ['with other fields', `${kustomizationOf([])}patches: []\n`, 'it has `patches`'],
    ['with files that are not its own', kustomizationOf(['vpn.yaml']), 'it lists "vpn.yaml"'],
    ['that is no YAML', `${kustomizationOf([])}a: [\n`, 'it is no YAML any more'],
  ])('refuses an edited list of what `render -o` wrote: %s', ([, text, message]) => {
    expect(() =>
      renderTree(tree({ 'vpn.yaml': networkText(), 'rendered/kustomization.yaml': text ?? '' }), './'),
    ).toThrow(`rendered/kustomization.yaml was written by \`render -o\`, and was edited: ${message}`);
  });

  test('leaves out a file without objects, and says so', () => {
    const { files, warnings } = renderTree(tree({ 'vpn.yaml': networkText(), 'values.yaml': 'a: 1\n' }), './');
    expect([...files.values()].join('')).not.toContain('a: 1');
    expect(warnings).toEqual([expect.stringContaining('warning: values.yaml: it holds no object')]);
  });

  test.for(['{generateName: a-}', '{}'])('with an object that has no name, %s, is refused', (metadata) => {
    const text = `apiVersion: batch/v1\nkind: Job\nmetadata: ${metadata}\n`;
    expect(() => renderTree(tree({ 'vpn.yaml': networkText(), 'job.yaml': text }), './')).toThrow(
      'job.yaml, document 1 must have a `metadata.name` to become a file',
    );
  });

  test('says why a document cannot become a file', () => {
    const files = { 'vpn.yaml': networkText(), 'broken.yaml': 'apiVersion: v1\nkind: [\n' };
    expect(() => renderTree(tree(files), './')).toThrow(
      /^broken\.yaml, document 1 must be a Kubernetes object.*\nwarning: broken\.yaml: line \d+, column \d+: /,
    );
  });

  test('with a chart is refused', () => {
    const files = { 'vpn.yaml': networkText(), 'web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n' };
    expect(() => renderTree(tree(files), './')).toThrow('web/Chart.yaml: charts are not rendered here');
  });

  test('runs no function that an object names', () => {
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  annotations:\n    config.kubernetes.io/function: |\n      exec: {path: /bin/false}\n`;
    const { files } = renderTree(tree({ 'vpn.yaml': networkText(), 'fn.yaml': text }), './');
    expect(files.get('configmap_x.yaml')).toContain('/bin/false');
  });
});

/** Nine levels of ten aliases each, in one flow collection. */
function bomb(): string {
  const levels = Array.from(
    { length: 9 },
    (_, level) =>
      `&l${level} [${Array.from({ length: 10 }, () => (level === 0 ? 'lol' : `*l${level - 1}`)).join(', ')}]`,
  );
  return `[${levels.join(', ')}]`;
}

function keys(count: number): string {
  return Array.from({ length: count }, (_, index) => `k${index}: 1`).join(', ');
}
