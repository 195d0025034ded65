import { chownSync, globSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { missingRights } from './agent/requirements.ts';
import { createBareMachine, type BareMachine, type Ended } from './bare-machine.ts';
import { blocksOf, read } from './documents/page.ts';
import { describeWith } from './engines/describe-tools.ts';
import { baseSystem, command, type Tool } from './engines/tool.ts';

/** The commands of a page that are run here. */
const commandsOf = (page: string) =>
  blocksOf(read(page))
    .filter(({ marks }) => marks['run by'] === 'test/bare-machine.test.ts')
    .map(({ text }) => text.trim());

/** That which renders, and that which tests. */
const [RENDER = '', TEST = ''] = commandsOf('README.md');
/** Each way to the program, without `npm ci`, which is done before. */
const INSTALLS = commandsOf('docs/install.md').map((text) => text.replace('npm ci\n', ''));

/** An ordinary user, in numbers. */
const USER = 1000;
const MINUTE = 60_000;

/** Of PATH, except for what npm brought: the programs that are run outside. */
function ownCommand(name: string): Tool {
  const path = process.env['PATH'] ?? '';
  process.env['PATH'] = path
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter);
  try {
    return command(name);
  } finally {
    process.env['PATH'] = path;
  }
}

const needs = [
  { title: 'a bare machine', path: '/' },
  baseSystem(),
  ownCommand('node'),
  ownCommand('npm'),
  ...['ip', 'setpriv', 'tar', 'unshare'].map(command),
  ...missingRights().map((title): Tool => ({ title })),
];

describeWith(needs, (_, base = '', node = '', npm = '') => {
  let machine: BareMachine;
  let rendered: Ended;
  beforeAll(() => {
    machine = createBareMachine(base, node, npm);
  }, 2 * MINUTE);
  afterAll(() => rmSync(machine.root, { recursive: true, force: true }), 2 * MINUTE);

  test('renders by the first command of README.md', { timeout: 5 * MINUTE }, async () => {
    rendered = await machine.run(RENDER);
    console.log(`\`${RENDER}\`: ${rendered.seconds} s`);
    expect(rendered).toMatchObject({ status: 0, stdout: expect.stringContaining('kind: DaemonSet') });
    expect(rendered.stderr).not.toMatch(/warn|EBADENGINE/i);
  });

  test(
    'passes the tests by the second, and says what was skipped for want of what',
    { timeout: 20 * MINUTE },
    async () => {
      // npm 10, which comes with Node 20, leaves no link to the Node that it installs. That of this
      // machine may be newer.
      const unlinked = TEST.replace('&&', '&& rm -f node_modules/.bin/node &&');
      const { status, stdout, stderr, seconds } = await machine.run(unlinked);
      const skipped = stdout.match(/^\d+ files? skipped.*$/gm) ?? [];
      console.log([`\`${TEST}\`: ${seconds} s`, ...skipped].join('\n'));
      const said = `${stdout}${stderr}`;
      expect({ status, failures: said.match(/^.*\b(?:FAIL|Error).*$/gm) ?? [] }).toEqual({ status: 0, failures: [] });
      expect(said).not.toMatch(/npm warn|EBADENGINE/i);
      for (const tool of ['kustomize', 'nft', 'node image', 'kube-apiserver']) {
        expect(
          skipped.some((line) => line.includes(`: ${tool} is missing`)),
          tool,
        ).toBe(true);
      }
      for (const line of skipped) expect(line).toMatch(/ (?:is|are) missing; /);
    },
  );

  test(
    'installs from the checkout and from the package, as docs/install.md says',
    { timeout: 5 * MINUTE },
    async () => {
      expect(INSTALLS).toHaveLength(2);
      for (const commands of INSTALLS) {
        const { status, stdout, seconds } = await machine.run(commands);
        console.log(`\`${commands}\`: ${seconds} s`);
        expect({ status, last: stdout.trim().split('\n').at(-1) }).toEqual({ status: 0, last: packageJson.version });
      }
    },
  );

  test(
    'renders the same where there is neither Bun nor Node for the platform, to an ordinary user',
    { timeout: 5 * MINUTE },
    async () => {
      const source = join(machine.root, 'src');
      const runtimes = globSync('node_modules/{@oven,node-linux-*,.bin/node}', { cwd: source });
      expect(runtimes).toEqual(expect.arrayContaining(['node_modules/@oven']));
      expect(runtimes.some((path) => path.startsWith('node_modules/node-linux-'))).toBe(true);
      for (const path of [...runtimes, 'dist']) rmSync(join(source, path), { recursive: true, force: true });
      chownSync(source, USER, USER);
      const { status, stdout, stderr } = await machine.run(RENDER.replace(/^.*&& /, ''), USER);
      expect(stderr).toContain('no Bun');
      expect(status).toBe(0);
      expect(stdout).toBe(rendered.stdout);
    },
  );
});
