import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Links, repositoryOf } from './argo-cd-application.ts';
import { checkoutAt } from '../../fn/commands/argocd/checkout.ts';
import { withCopy } from '../../fn/commands/argocd/copy.ts';
import { type Copy, copyOf } from '../../fn/commands/argocd/kustomization.ts';
import { describeWith } from './describe-tools.ts';
import { output } from './program.ts';
import { kustomizes } from './tool.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {text: a} # kept\n';
const DEPLOYMENT =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {template: {spec: {containers: [{name: c, image: "busybox:1"}]}}}\n';
const PATCH = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {patched: "yes"}\n';
const TRANSFORMER = (rest: string) => `apiVersion: builtin\nkind: ${rest}`;
const app = (text: string, more: Readonly<Record<string, string>> = {}) => ({
  'app/a.yaml': CONFIG_MAP,
  'app/d.yaml': DEPLOYMENT,
  'app/kustomization.yaml': text,
  ...more,
});

/** The copy of the application `app` of a repository. */
function copied(repository: string): Copy {
  const copy = copyOf(checkoutAt(repository), join(repository, 'app'));
  if ('problems' in copy) throw new Error(JSON.stringify(copy.problems));
  return copy;
}

/** The oldest, one of the middle and the newest. */
const KUSTOMIZES = kustomizes().filter((_, index, all) => [0, all.length >> 1, all.length - 1].includes(index));

for (const { title, path } of KUSTOMIZES) {
  describeWith([{ title: `${title} and the plugin's copy`, ...(path !== undefined && { path }) }], (kustomize) => {
    const build = (folder: string) => output(kustomize, ['build', join(folder, 'app')]);

    test.each<[string, Readonly<Record<string, string>>, Links?]>([
      [
        'comments and texts with words that look like tags',
        app(
          '# WARNING !!! do not edit\nresources: [a.yaml] # !binary\ncommonAnnotations: {a: "!important", b: \'x !!y\'}\n',
        ),
      ],
      [
        'anchors, aliases and merges',
        app(
          'commonAnnotations: &a {b: c}\nresources: &r [a.yaml]\nconfigMapGenerator:\n- <<: &g {literals: [x=1]}\n  name: g\n- {<<: *g, name: h}\n',
        ),
      ],
      [
        'a file and a directory with @ in their names',
        app('resources: ["a@b.yaml", "c@d"]\n', {
          'app/a@b.yaml': CONFIG_MAP,
          'app/c@d/kustomization.yaml': 'resources: [x.yaml]\n',
          'app/c@d/x.yaml': DEPLOYMENT,
        }),
      ],
      [
        'kustomization.yml',
        { 'app/kustomization.yml': 'resources: [a.yaml]\nnamePrefix: x-\n', 'app/a.yaml': CONFIG_MAP },
      ],
      ['Kustomization', { 'app/Kustomization': 'resources: [a.yaml]\nnamePrefix: x-\n', 'app/a.yaml': CONFIG_MAP }],
      [
        'JSON, and fields in another case',
        app('{"Resources": ["a.yaml", "d.yaml"], "namePrefix": "\\u0061-", "PATCHES": [{"Path": "p.yaml"}]}', {
          'app/p.yaml': PATCH,
        }),
      ],
      [
        'bases, components and what they stand on',
        app('bases: [../base/]\ncomponents: [../part]\nnamespace: ns\n', {
          'base/kustomization.yaml': 'resources: [./x/../x.yaml, sub]\nnameSuffix: -b\n',
          'base/x.yaml': CONFIG_MAP,
          'base/sub/kustomization.yaml': 'resources: [y.yaml]\n',
          'base/sub/y.yaml': DEPLOYMENT,
          'part/kustomization.yaml':
            'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonLabels: {a: b}\n',
        }),
      ],
      [
        'old fields',
        app(
          'resources: [a.yaml, d.yaml]\nimageTags: [{name: busybox, newTag: "2"}]\npatchesStrategicMerge:\n- p.yaml\n- |-\n  apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n  data: {inline: "on"}\n- "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {flow: x}}"\npatchesJson6902:\n- target: {version: v1, kind: ConfigMap, name: a}\n  path: j.json\nvars: [{name: V, objref: {apiVersion: v1, kind: ConfigMap, name: a}}]\n',
          { 'app/p.yaml': PATCH, 'app/j.json': '[{"op": "add", "path": "/data/j", "value": "\\u2028é"}]' },
        ),
      ],
      [
        'generators of all kinds',
        app(
          'configMapGenerator:\n- {name: g, files: [f.txt, k=sub/f.txt], envs: [e.env], literals: ["u=https://example.com?a=b"]}\n- {name: h, env: e.env}\nsecretGenerator: [{name: s, files: [f.txt], type: Opaque}]\ngeneratorOptions: {disableNameSuffixHash: true}\n',
          { 'app/f.txt': 'a\u2028b\u0085\n', 'app/sub/f.txt': 'x', 'app/e.env': 'A=1\n' },
        ),
      ],
      [
        'patches, replacements, schemas and configurations by path',
        app(
          'resources: [a.yaml, d.yaml]\npatches: [{path: p.yaml}, {target: {kind: ConfigMap}, patch: \'[{"op": "add", "path": "/data/x", "value": "😀 !!"}]\'}]\nreplacements: [{path: r.yaml}, {source: {kind: ConfigMap, fieldPath: data.text}, targets: [{select: {kind: Deployment}, fieldPaths: [metadata.name]}]}]\nconfigurations: [c.yaml]\ncrds: [crd.json]\n',
          {
            'app/p.yaml': PATCH,
            'app/r.yaml':
              'source: {kind: ConfigMap, fieldPath: data.text}\ntargets: [{select: {kind: Deployment}, fieldPaths: [metadata.name]}]\n',
            'app/c.yaml': 'namePrefix: [{path: data/text}]\n',
            'app/crd.json': '{}',
          },
        ),
      ],
      [
        'plugins in files, inline, in lists and in a directory',
        app(
          'resources: [a.yaml]\ngenerators: [g.yaml]\ntransformers:\n- t.yaml\n- ../plugins\n- |-\n  apiVersion: builtin\n  kind: PrefixTransformer\n  metadata: {name: p}\n  prefix: in-\n  fieldSpecs: [{path: metadata/name}]\n',
          {
            'app/g.yaml': TRANSFORMER('ConfigMapGenerator\nmetadata: {name: g}\nfiles: [f.txt]\n'),
            'app/f.txt': 'x',
            'app/t.yaml': `apiVersion: v1\nkind: List\nitems:\n- ${TRANSFORMER('PatchTransformer\nmetadata: {name: t}\npath: p.yaml\ntarget: {kind: ConfigMap, name: a}\n').replaceAll('\n', '\n  ')}`,
            'app/p.yaml': PATCH,
            'plugins/kustomization.yaml': 'resources: [l.yaml]\n',
            'plugins/l.yaml': TRANSFORMER(
              'LabelTransformer\nmetadata: {name: l}\nlabels: {a: b, c: on, d: n, e: 0755, f: true, g: Yes, h: 1.10}\nfieldSpecs: [{path: metadata/labels, create: true}]\n',
            ),
          },
        ),
      ],
      [
        'where things come from',
        app(
          'resources: [a.yaml, ../base]\nbuildMetadata: [originAnnotations]\nconfigMapGenerator: [{name: g, literals: [a=b]}]\n',
          { 'base/kustomization.yml': 'resources: [x.yaml]\n', 'base/x.yaml': DEPLOYMENT },
        ),
      ],
      [
        'links to files of the directory',
        app('resources: [l.yaml]\nconfigMapGenerator: [{name: g, files: [t]}]\n', { 'app/text': 'x' }),
        { 'app/l.yaml': 'a.yaml', 'app/t': 'text' },
      ],
      [
        'a linked directory',
        app('resources: [linked]\n', { 'base/kustomization.yaml': 'resources: [x.yaml]\n', 'base/x.yaml': CONFIG_MAP }),
        { 'app/linked': '../base' },
      ],
      ['a byte order mark and line ends of Windows', app('\uFEFFresources: [a.yaml]\r\nnamePrefix: x-\r\n')],
      ['documents of nothing around it', app('# first\n---\nresources: [a.yaml]\n---\n# last\n')],
    ])('builds %s to the bytes of the original', async (_, files, links = {}) => {
      const repository = repositoryOf(files, links);
      const built = await withCopy(checkoutAt(repository), copied(repository), (folder) =>
        Promise.resolve(build(folder)),
      );
      expect(built).toBe(build(repository));
    });
  });
}

test('a copy holds files without a meaning for us as they are, and goes when it is built', async () => {
  const repository = repositoryOf(app('configMapGenerator: [{name: g, files: [b.bin]}]\n'));
  writeFileSync(join(repository, 'app/b.bin'), Buffer.from([0xff, 0, 0xfe]));
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('gateway-network-fn-copy-'));
  let folder = '';
  await withCopy(checkoutAt(repository), copied(repository), async (made) => {
    folder = made;
    expect(readFileSync(join(made, 'app/b.bin'))).toEqual(Buffer.from([0xff, 0, 0xfe]));
    expect(statSync(made).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(made, 'app')).toSorted()).toEqual(['b.bin', 'kustomization.yaml']);
    return Promise.resolve();
  });
  expect(folder).not.toBe('');
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('gateway-network-fn-copy-'))).toEqual(before);
});
