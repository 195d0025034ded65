import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { filesIn } from '../engines/folder.ts';
import { command, NETWORK, ROOT } from './command.ts';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: apps}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: a, image: "x:1"}]
`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gwn-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const tree = (directory: string) => readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted();
const input = () => {
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'in/network.yaml'), NETWORK);
  return ['render', '-o', join(folder, 'out'), join(folder, 'in')];
};

describe('render -o', () => {
  test.each([
    ['rendered', '.'],
    ['.', '.'],
    ['.', 'in'],
    ['in/deep/rendered', '.'],
    ['in', 'in'],
    ['here', '.'],
  ])('writes the same bytes three times to %s from %s', (output, from) => {
    mkdirSync(join(folder, 'in/deep'), { recursive: true });
    symlinkSync('in/deep', join(folder, 'here'));
    writeFileSync(join(folder, 'in/web.yaml'), WEB);
    writeFileSync(join(folder, 'in/network.yaml'), `${NETWORK}  clients:\n  - names: [web]\n`);
    const runs = Array.from({ length: 3 }, () => {
      expect(command(['render', '-o', output, from], '', folder)).toEqual(
        expect.objectContaining({ status: 0, stdout: '', stderr: '' }),
      );
      return filesIn(join(folder, output));
    });
    expect(runs[0]?.get('apps/deployment_web.yaml')).toContain('k8s.v1.cni.cncf.io/networks');
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
    expect(command(['validate', '.'], '', folder)).toMatchObject({ status: 0, stderr: '' });
  });

  test('refuses an object without a name, which kustomize would refuse in what was written', () => {
    const args = input();
    const file = join(folder, 'in/job.yaml');
    writeFileSync(file, 'apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: a-, namespace: apps}\n');
    const { status, stderr } = command(args);
    expect(status).toBe(2);
    expect(stderr).toContain(`${file}, document 1 must have a \`metadata.name\` to become a file: kustomize`);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  test('does not read its own output where it is asked to', () => {
    const args = input();
    command(args);
    expect(command(['render', '-o', join(folder, 'out'), join(folder, 'out/egress/service_vpn-peers.yaml')])).toEqual(
      expect.objectContaining({ status: 2, stderr: expect.stringMatching(/service_vpn-peers.yaml was written by/) }),
    );
  });

  test.each([
    ['no resources', (text: string) => text.replace(/resources:[^]*/, ''), undefined],
    ['resources that are null', (text: string) => text.replace(/resources:[^]*/, 'resources:\n'), undefined],
    ['a file added', (text: string) => `${text}  - mine.yaml\n`, 'lists "mine.yaml", which is not one of its files'],
    ['a number added', (text: string) => `${text}  - 1\n`, 'lists 1, which is not one of its files'],
    ['a patch', (text: string) => `${text}patches: [{path: a.yaml}]\n`, 'has `patches`'],
    ['resources that are a text', (text: string) => text.replace(/resources:[^]*/, 'resources: a\n'), 'lists "a"'],
    ['broken YAML', (text: string) => `${text}a: [\n`, 'is no YAML any more'],
    ['nothing but a comment', (text: string) => text.replace(/^apiVersion[^]*/m, ''), 'is not an object'],
    [
      'a file of the same form added',
      (text: string) => `${text}  - my_file.yaml\n`,
      'did not write and will not remove',
    ],
  ])('an inventory with %s is read or refused by name', (_, edit, reason) => {
    const args = input();
    command(args);
    const inventory = join(folder, 'out/kustomization.yaml');
    const before = readFileSync(inventory, 'utf8');
    writeFileSync(inventory, edit(before));
    writeFileSync(join(folder, 'out/my_file.yaml'), 'kept');
    const { status, stderr } = command(args);
    expect(readFileSync(join(folder, 'out/my_file.yaml'), 'utf8')).toBe('kept');
    if (reason === undefined) {
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(readFileSync(inventory, 'utf8')).toBe(before);
    } else {
      expect({ status, lines: stderr.split('\n').length }).toEqual({ status: 2, lines: 2 });
      expect(stderr).toContain(`error: ${inventory} `);
      expect(stderr).toContain(reason);
    }
  });

  test('does not write over files that it did not write, nor over what it read', () => {
    const service = join(folder, 'out/egress/service_vpn-peers.yaml');
    mkdirSync(join(folder, 'out/egress'), { recursive: true });
    writeFileSync(service, 'mine');
    expect(command(input())).toMatchObject({ status: 2, stderr: expect.stringContaining(`${service} is there`) });
    expect(tree(join(folder, 'out'))).toEqual(['egress', 'egress/service_vpn-peers.yaml']);

    mkdirSync(join(folder, 'own/apps'), { recursive: true });
    writeFileSync(join(folder, 'own/network.yaml'), NETWORK);
    writeFileSync(join(folder, 'own/apps/deployment_web.yaml'), WEB);
    expect(command(['render', '-o', 'own', 'own'], '', folder)).toMatchObject({
      status: 2,
      stderr: 'error: own/apps/deployment_web.yaml was read, and will not be overwritten: give -o another directory\n',
    });
  });

  test.each([
    ['a file', 'file', 'file is a file, and -o must name a directory'],
    ['what is read', 'network.yaml', 'network.yaml is a file, and -o must name a directory'],
    ['below a file', 'file/out', 'ENOTDIR'],
    ['where nothing can be made', '/proc/out', 'ENOENT'],
    ['an empty name', '', '-o must name a directory'],
    ['a full disk', 'full', 'ENOSPC'],
    ['a directory whose part is a file', 'part', 'EEXIST'],
  ])('to %s is one line', (_, output, reason) => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'full'));
    symlinkSync('/dev/full', join(folder, 'full/.kustomization.yaml'));
    mkdirSync(join(folder, 'part'));
    writeFileSync(join(folder, 'part/egress'), '');
    writeFileSync(join(folder, 'network.yaml'), NETWORK);
    const { status, stdout, stderr } = command(
      ['render', '-o', output, output === 'network.yaml' ? '.' : 'network.yaml'],
      '',
      folder,
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .+\n$/);
    expect(stderr).toContain(reason);
  });

  describe('without permission', () => {
    const isRoot = process.getuid?.() === 0;
    const asNobody = (...words: readonly string[]) => {
      if (isRoot) chmodSync(folder, 0o755);
      const program = [join(ROOT, 'dist/gateway-network-fn'), ...words];
      const [file = '', ...args] = isRoot ? ['setpriv', '--reuid', '65534', '--clear-groups', ...program] : program;
      const { status, stderr } = spawnSync(file, args, { input: NETWORK, encoding: 'utf8' });
      return { status, stderr };
    };
    const refused = (action: string) => ({
      status: 2,
      stderr: expect.stringMatching(new RegExp(`^error: EACCES: permission denied, ${action} .*\\n$`)),
    });

    test.each([
      ['to write', 0o555],
      ['at all', 0o000],
    ])('%s is one line that says what was tried', (_, mode) => {
      mkdirSync(join(folder, 'out'), { mode });
      expect(asNobody('render', '-o', join(folder, 'out'), '-')).toEqual(refused('(?:open|stat)'));
    });

    test('to a file of another user is one line, and the list stays whole', () => {
      mkdirSync(join(folder, 'out/egress'), { recursive: true });
      chmodSync(join(folder, 'out/egress'), 0o555);
      chmodSync(join(folder, 'out'), 0o777);
      expect(asNobody('render', '-o', join(folder, 'out'), '-')).toEqual(refused('open'));
      expect(readFileSync(join(folder, 'out/kustomization.yaml'), 'utf8')).toContain('service_vpn-peers.yaml');
    });

    test('to a file that is read does not say that it is not there', () => {
      mkdirSync(join(folder, 'in'));
      writeFileSync(join(folder, 'in/network.yaml'), NETWORK);
      chmodSync(join(folder, 'in'), 0o000);
      expect(asNobody('render', join(folder, 'in/network.yaml'))).toEqual(refused('stat'));
      chmodSync(join(folder, 'in'), 0o755);
    });
  });

  test('onto a link that leads nowhere is refused', () => {
    symlinkSync('nowhere', join(folder, 'out'));
    expect(command(input())).toMatchObject({
      status: 2,
      stderr: `error: ${join(folder, 'out')} is a symbolic link without a target, and -o must name a directory\n`,
    });
  });

  test('says why a document cannot become a file', () => {
    mkdirSync(join(folder, 'in'));
    writeFileSync(join(folder, 'in/network.yaml'), NETWORK);
    writeFileSync(join(folder, 'in/broken.yaml'), 'apiVersion: v1\nkind: [\n');
    expect(command(['render', '-o', 'out', 'in'], '', folder)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /^warning: in\/broken\.yaml: line \d+, column \d+: .*\nerror: in\/broken\.yaml, document 1 must be a Kubernetes object.*\n$/,
      ),
    });
  });

  test('names the file of what is no object', () => {
    mkdirSync(join(folder, 'in'));
    writeFileSync(join(folder, 'in/network.yaml'), NETWORK);
    writeFileSync(join(folder, 'in/values.yaml'), `${WEB}---\nreplicaCount: 2\n`);
    expect(command(['render', '-o', 'out', 'in'], '', folder)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^error: in\/values\.yaml: line \d+: must have an `apiVersion`/),
    });
  });
});
