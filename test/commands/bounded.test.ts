import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWith } from '../engines/describe-tools.ts';
import { command as tool } from '../engines/tool.ts';
import { NETWORK, ROOT } from './command.ts';

const CONFIG_MAP = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: big}\n';
const LONG = 'x'.repeat(31_000_000);
const LARGE = /must not be larger than 3 MiB where it has to be parsed, and has 29.6 MiB/;
const MERGES = /must not get more than 100000 keys from merges/;
const VALUES = /must not hold more than 4000000 values together/;
const CLIENT = `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: apps}
spec:
  selector: {matchLabels: {egress: vpn}}
  template:
    metadata:
      labels: {egress: vpn}
    spec:
      containers: [{name: main, image: nginx}]
`;
const clients = (count: number) =>
  Array.from({ length: count }, (_, number) => CLIENT.replace('NAME', `n${number}`)).join('');
const keys = (count: number) => Array.from({ length: count }, (_, index) => `k${index}: 1`).join(', ');
const merges = (indent: string) =>
  `${indent}x: &a {${keys(11_000)}}\n${indent}y:\n${`${indent}- {<<: *a}\n`.repeat(9000)}`;

/** What comes in, and what is said of it; nothing where it passes. */
const INPUTS: Readonly<Record<string, readonly [string, RegExp | undefined]>> = {
  'merge keys in a network': [NETWORK + merges('  '), MERGES],
  'merge keys in an object in braces': [
    `{apiVersion: v1, kind: A, x: &a {${keys(11_000)}}, y: [${'{<<: *a}, '.repeat(9000)}]}\n---\n${NETWORK}`,
    MERGES,
  ],
  'a chain of merge keys': [
    `${NETWORK}  x0: &a0 {a: 1}\n${Array.from({ length: 5000 }, (_, n) => `  x${n + 1}: &a${n + 1} {<<: *a${n}, k${n}: 1}\n`).join('')}`,
    MERGES,
  ],
  'a foreign line': [`${NETWORK}${CONFIG_MAP}data: {a: "${LONG}"}\n`, undefined],
  'a foreign line that is not ASCII': [`${NETWORK}${CONFIG_MAP}data: {a: "€${LONG}"}\n`, undefined],
  'a line in a network': [`${NETWORK}  x: "${LONG}"\n`, LARGE],
  'a line that is all': [LONG, /found no GatewayNetwork|must not be larger than 3 MiB/],
  'a line of a name': [`${NETWORK}${CONFIG_MAP.replace('big', LONG)}`, LARGE],
  'a line of JSON values': [`{"apiVersion": "v1", "kind": "A", "x": [${'{},'.repeat(10_000_000)}1]}`, VALUES],
  'a line of list elements': [`${NETWORK}  x: [${'a,'.repeat(15_000_000)}]\n`, VALUES],
  documents: [`${NETWORK}${'---\na: 1\n'.repeat(3_400_000)}`, /must not hold more than 200000 objects/],
  'blank lines': [NETWORK + '\n'.repeat(31_000_000), VALUES],
  'selected workloads': [
    `${NETWORK}  clients: [{selector: {matchLabels: {egress: vpn}}}]\n${clients(55_000)}`,
    /must not have more than 10000 clients together/,
  ],
  '200 MB': [`${NETWORK}${CONFIG_MAP}data: {a: "${'x'.repeat(200_000_000)}"}\n`, /must not be larger than 32 MiB/],
};

/** Where it is more than 5: each of 10,000 clients is given its annotations, its guard and a volume. */
const SECONDS: Readonly<Record<string, number>> = { 'selected workloads': 30 };

describeWith([{ ...tool('time'), title: 'time and input without end' }], (time = '') => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gwn-bounded-'));
    mkdirSync(join(folder, 'app'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs the function under GNU time, within the limits that hold for all input. */
  function bounded(args: readonly string[], input: string, seconds = 5) {
    const peak = join(folder, 'peak');
    const program = [join(ROOT, 'dist/gateway-network-fn'), ...args];
    const { status, stdout, stderr } = spawnSync(time, ['--quiet', '-f', '%M %U %S', '-o', peak, ...program], {
      cwd: join(folder, 'app'),
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    // Time of the processors, since the tests beside this one take theirs.
    const [kibibytes = Infinity, user = Infinity, system = Infinity] = readFileSync(peak, 'utf8')
      .split(' ')
      .map(Number);
    expect([kibibytes / 1024 < 400, user + system < seconds]).toEqual([true, true]);
    return { status, stdout, stderr };
  }

  describe.each(Object.keys(INPUTS))('%s', (name) => {
    const [input, reason] = INPUTS[name] ?? ['', undefined];
    const file = () => join(folder, 'app/big.yaml');
    beforeAll(() => writeFileSync(file(), input));

    test.each([
      ['the function', []],
      ['render', ['render', 'big.yaml']],
      ['argocd', ['argocd']],
    ])('by %s', (way, args) => {
      const { status, stdout, stderr } = bounded(args, args.length === 0 ? input : '', SECONDS[name]);
      if (reason === undefined) expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      else {
        expect({ failed: status === 1 || status === 2, stdout }).toEqual({ failed: true, stdout: '' });
        expect(stderr).toMatch(reason);
        // Argo CD names the largest of them.
        if (way !== 'the function') expect(stderr).toMatch(/^(?:error|warning): .*big\.yaml/);
      }
    });
  });

  test.each([
    ['a device without end', ['render', '/dev/zero']],
    ['links to one', ['validate', 'big.yaml', '/dev/zero']],
  ])('%s', (_, args) => {
    writeFileSync(join(folder, 'app/big.yaml'), NETWORK);
    const { status, stderr } = bounded(args, '');
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'error: /dev/zero: all that is read must not be larger than 32 MiB together\n',
    });
  });

  test('many files are bounded together', () => {
    for (const name of 'abcde')
      writeFileSync(join(folder, `app/${name}.yaml`), `${CONFIG_MAP}data: "${'x'.repeat(8_000_000)}"\n`);
    const { status, stderr } = bounded(['render', '.'], '');
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^error: e\.yaml: all that is read/),
    });
  });
});
