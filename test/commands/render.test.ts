import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { BROKEN, command, NETWORK, ROOT } from './command.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gwn-render-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const tree = (directory: string) => readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted();

describe('render', () => {
  test('reads a folder with all below it, but nothing hidden', () => {
    mkdirSync(join(folder, 'in/deep'), { recursive: true });
    mkdirSync(join(folder, 'in/.hidden'));
    writeFileSync(join(folder, 'in/deep/network.yml'), NETWORK);
    writeFileSync(join(folder, 'in/a.json'), '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}');
    writeFileSync(join(folder, 'in/notes.txt'), 'not: [yaml');
    writeFileSync(join(folder, 'in/.hidden/b.yaml'), 'not: [yaml');
    writeFileSync(join(folder, 'in/Kptfile'), 'apiVersion: kpt.dev/v1\nkind: Kptfile\n');
    const { status, stdout } = command(['render', join(folder, 'in')]);
    expect(status).toBe(0);
    expect(stdout.match(/^kind: .*|"kind": "\w+"/gm)).toHaveLength(10);
    expect(stdout).not.toContain('GatewayNetwork\n');
  });

  test('prints first what others cannot be created without, and the rest in its order', () => {
    const object = (kind: string, name: string) => `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}}\n`;
    const kinds =
      'Pod ValidatingWebhookConfiguration Thing ConfigMap CustomResourceDefinition Thing Namespace Secret MutatingAdmissionPolicy';
    const documents = kinds.split(' ').map((kind, index) => object(kind, `a${index}`));
    const stream = [...documents, `# of b\n${object('Namespace', 'b')}`, NETWORK].join('---\n');
    const { stdout } = command(['render', '-'], stream);
    const printed = [...stdout.matchAll(/^kind: (\w+)\nmetadata: \{name: (\w+)\}/gm)].map(([, ...names]) =>
      names.join(' '),
    );
    expect(printed).toEqual([
      'Namespace a6',
      'Namespace b',
      'CustomResourceDefinition a4',
      'MutatingAdmissionPolicy a8',
      'Thing a2',
      'ConfigMap a3',
      'Thing a5',
      'Secret a7',
      'Pod a0',
      'ValidatingWebhookConfiguration a1',
    ]);
    expect(stdout).toContain('---\n# of b\napiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n');
    expect(stdout.trimEnd().endsWith('metadata: {name: a1}')).toBe(true);
    // In a pipe of engines, what is foreign stays where it was.
    expect(command([], stream).stdout.startsWith(documents.join('---\n'))).toBe(true);
  });

  test('names the file in a problem', () => {
    writeFileSync(join(folder, 'network.yaml'), BROKEN);
    expect(command(['render', 'network.yaml'], '', folder)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: network\.yaml:6:13: GatewayNetwork egress\/vpn: `spec\.overlay\.vni`/),
    });
  });
});

describe('render -o', () => {
  const input = () => {
    cpSync(join(ROOT, 'examples/multi-node'), join(folder, 'in'), { recursive: true });
    return ['render', '-o', join(folder, 'out'), join(folder, 'in')];
  };

  test('writes a file for each object, and a kustomization that lists them', () => {
    expect(command(input())).toMatchObject({ status: 0, stdout: '' });
    // The names of ConfigMaps end with a hash of what they hold.
    const names = tree(join(folder, 'out')).map((name) => name.replace(/-[\da-f]{8}\.yaml$/, '-HASH.yaml'));
    expect(names).toMatchSnapshot();
    const { resources } = parse(readFileSync(join(folder, 'out/kustomization.yaml'), 'utf8'));
    expect(resources.toSorted()).toEqual(tree(join(folder, 'out')).filter((path) => path.includes('_')));
  });

  test('writes the same again', () => {
    const args = input();
    command(args);
    const before = tree(join(folder, 'out'))
      .filter((path) => path.includes('.'))
      .map((path) => readFileSync(join(folder, 'out', path), 'utf8'));
    command(args);
    expect(
      tree(join(folder, 'out'))
        .filter((path) => path.includes('.'))
        .map((path) => readFileSync(join(folder, 'out', path), 'utf8')),
    ).toEqual(before);
  });

  test('removes what is no longer wanted and nothing else', () => {
    const args = input();
    command(args);
    writeFileSync(join(folder, 'out/egress/mine.yaml'), 'kept');
    const network = join(folder, 'in/gateway-network.yaml');
    writeFileSync(network, readFileSync(network, 'utf8').replace(/ {2}overlay:\n.*\n/, ''));
    expect(command(args)).toMatchObject({ status: 0 });
    expect(existsSync(join(folder, 'out/egress/service_vpn-peers.yaml'))).toBe(false);
    expect(readFileSync(join(folder, 'out/egress/mine.yaml'), 'utf8')).toBe('kept');
  });

  test('refuses a kustomization that it did not write, before it writes anything', () => {
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'out/kustomization.yaml'), 'resources: [mine.yaml]\n');
    expect(command(input())).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('was not written by this command'),
    });
    expect(tree(join(folder, 'out'))).toEqual(['kustomization.yaml']);
  });

  test('leaves the directory alone on errors', () => {
    const args = input();
    writeFileSync(join(folder, 'in/gateway-network.yaml'), BROKEN);
    expect(command(args)).toMatchObject({ status: 1 });
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  test('never leaves the directory, whatever objects are called', () => {
    mkdirSync(join(folder, 'in'));
    writeFileSync(
      join(folder, 'in/a.yaml'),
      `${NETWORK}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ../../x, namespace: ..}\n`,
    );
    expect(command(['render', '-o', join(folder, 'out'), join(folder, 'in')])).toMatchObject({ status: 0 });
    expect(tree(folder).filter((path) => path.includes('configmap_'))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^out\/_\/configmap_/)]),
    );
    expect(readdirSync(folder).toSorted()).toEqual(['in', 'out']);
  });

  test('inventories cannot name files elsewhere', () => {
    const args = input();
    command(args);
    const inventory = join(folder, 'out/kustomization.yaml');
    writeFileSync(join(folder, 'precious.yaml'), 'kept');
    writeFileSync(
      inventory,
      readFileSync(inventory, 'utf8').replace(
        'resources:\n',
        `resources:\n  - ../precious.yaml\n  - ${join(folder, 'precious.yaml')}\n`,
      ),
    );
    expect(command(args)).toMatchObject({ status: 2, stderr: expect.stringContaining('lists "../precious.yaml"') });
    expect(readFileSync(join(folder, 'precious.yaml'), 'utf8')).toBe('kept');
  });
});

describe('validate', () => {
  test('says what would be rendered', () => {
    expect(command(['validate', 'examples/multi-node', 'examples/two-networks'])).toMatchObject({ status: 1 });
    expect(command(['validate', 'examples/multi-node'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('9 objects'),
    });
  });
});
