import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { V1Pod } from '@kubernetes/client-node';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { ROOT } from '../commands/command.ts';
import { freePort } from '../engines/free-port.ts';
import { kubeconfigOf, kubeconfigWith } from './account.ts';
import { describeWithApiServer } from './cluster.ts';
import { request } from './request.ts';
import { PODS, testPlantedFaults, testUnasked } from './status-faults.ts';
import { send, standInFor, type StoodInNetwork } from './stand-in-pods.ts';

/** The most that the verb may take, in milliseconds, a third of which it takes where nothing else runs. */
const PATIENCE = 3000;
const CLIENTS = 1000;
const WORDS = 'this pod is not attached to the network egress/vpn, so it does not start';

const PROGRAMS = {
  'the executable': [join(ROOT, 'dist/gateway-network-fn')],
  'the bundle, by Node': [process.execPath, join(ROOT, 'dist/gateway-network-fn.mjs')],
};

describeWithApiServer([], (cluster) => {
  let network: StoodInNetwork;
  beforeAll(async () => {
    network = await standInFor(cluster());
    await network.makeClients(0, 3);
  }, 120_000);

  async function run([file = '', ...args]: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const start = Date.now();
    const child = spawn(file, args, {
      env: { ...process.env, KUBECONFIG: cluster().kubeconfig, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { status: child.exitCode, stdout, stderr, milliseconds: Date.now() - start };
  }

  const runStatus = async (
    args: readonly string[] = [],
    program: readonly string[] = PROGRAMS['the executable'],
    env: NodeJS.ProcessEnv = {},
  ) => run([...program, 'status', ...args], env);

  /** How many lists the API server has been asked for. */
  async function lists(): Promise<number> {
    const metrics = (await request(cluster(), 'GET', '/metrics')).text;
    const counts = metrics.match(/^apiserver_request_total\{.*verb="LIST".*\} \d+$/gm) ?? [];
    return counts.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  async function listsOfStatus(): Promise<number> {
    const before = await lists();
    await runStatus();
    return (await lists()) - before;
  }

  test.each(Object.entries(PROGRAMS))('%s says that all is well', async (_, program) => {
    const { status: code, stdout, stderr } = await runStatus(['vpn', '-n', 'egress'], program);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^egress\/vpn: all is well\n {2}release {3}0\.1\.0\n/);
    expect(stdout).toContain('    + apps/client-2  192.168.50.2\n');
  });

  test('it is printed again and again', async () => {
    const [program = '', ...args] = PROGRAMS['the executable'];
    const child = spawn(program, [...args, 'status', '--watch', '1'], {
      env: { ...process.env, KUBECONFIG: cluster().kubeconfig },
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await vi.waitFor(() => expect(output.match(/^egress\/vpn: all is well$/gm)).toHaveLength(2), 10_000);
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([null, 'SIGINT']);
  });

  test('it prints JSON, the same whatever the arguments that choose the network', async () => {
    const answers = [[], ['vpn'], ['egress/vpn'], ['-n', 'egress'], ['--context', 'test']].map(async (args) =>
      runStatus([...args, '-o', 'json']),
    );
    const [first, ...others] = await Promise.all(answers);
    expect(JSON.parse(first?.stdout ?? '')).toMatchObject({
      networks: [{ namespace: 'egress', name: 'vpn', ok: true, agents: { wanted: 2 }, routers: [{ active: true }] }],
    });
    expect(others.map(({ stdout }) => stdout)).toEqual(others.map(() => first?.stdout));
  });

  test('text has colours at a terminal, unless they are not wanted', async () => {
    // script(1) gives the program a terminal.
    const terminal = ['script', '-qec', `${PROGRAMS['the executable'].join(' ')} status`, '/dev/null'];
    const [coloured, plain] = await Promise.all([run(terminal, { NO_COLOR: '' }), run(terminal, { NO_COLOR: '1' })]);
    expect(coloured.stdout).toContain('\u001b[1megress/vpn\u001b[0m: \u001b[32mall is well\u001b[0m\r\n');
    expect(plain.stdout).toContain('egress/vpn: all is well\r\n');
  });

  test.each<readonly [string, readonly string[], NodeJS.ProcessEnv, RegExp]>([
    ['no such network', ['other'], {}, /has no gateway network of the name 'other'; it has egress\/vpn\n/],
    ['no such namespace', ['-n', 'apps'], {}, /has no gateway network in the namespace 'apps'; it has egress\/vpn\n/],
    ['no name', ['a/b/c'], {}, /'a\/b\/c' is no network: it must be NAME or NAMESPACE\/NAME/],
    ['two namespaces', ['egress/vpn', '-n', 'apps'], {}, /not in the namespace 'apps' of --namespace: leave one out/],
    ['no such context', ['--context', 'other'], {}, /no context 'other'; its contexts are test/],
    ['no such file', ['--kubeconfig', '/nowhere'], {}, /the kubeconfig \/nowhere cannot be read: ENOENT.*--kubeconfig/],
    ['no kubeconfig', [], { KUBECONFIG: '', HOME: '/nowhere' }, /there is no kubeconfig: .*--kubeconfig/],
    ['no such form', ['-o', 'yaml'], {}, /Allowed choices are text, json/],
  ])('%s is wrong usage', async (_, args, env, words) => {
    const { status: code, stdout, stderr } = await runStatus(args, undefined, env);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .*\n$/);
    expect(stderr).toMatch(words);
  });

  test(`${CLIENTS} clients take less than ${PATIENCE} ms, and no more lists than a page`, async () => {
    const few = await listsOfStatus();
    await network.makeClients(3, CLIENTS - 3);
    const many = await listsOfStatus();
    // This API server knows no IPPools, and does not count what it does not know.
    expect([few, many]).toEqual([11, 12]);
    for (const program of Object.values(PROGRAMS)) {
      const { status: code, stdout, milliseconds } = await runStatus([], program);
      console.log(`status of ${CLIENTS} clients: ${milliseconds} ms`);
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`${CLIENTS} attached\n`) });
      expect(milliseconds).toBeLessThan(PATIENCE);
    }
  }, 180_000);

  testPlantedFaults(cluster, runStatus);
  testUnasked(cluster, runStatus, PROGRAMS);

  describe('what is wrong gives exit status 1:', () => {
    const agent = `${PODS}/vpn-node-agent-node2`;

    test('an agent that is not ready, with what its probe has printed', async () => {
      const { uid } = (JSON.parse((await request(cluster(), 'GET', agent)).text) as V1Pod).metadata ?? {};
      const conditions = (isReady: 'True' | 'False') => ({
        status: { conditions: [{ type: 'Ready', status: isReady }] },
      });
      await send(cluster(), 'PATCH', `${agent}/status`, conditions('False'));
      await send(cluster(), 'POST', '/api/v1/namespaces/egress/events', {
        metadata: { name: 'a', namespace: 'egress' },
        involvedObject: { kind: 'Pod', namespace: 'egress', name: 'vpn-node-agent-node2', uid },
        reason: 'Unhealthy',
        message: 'Readiness probe failed: not ready: the underlay eth0 has MTU 1450',
        type: 'Warning',
        lastTimestamp: new Date().toISOString(),
      });
      const { status: code, stdout } = await runStatus();
      expect(code).toBe(1);
      expect(stdout).toContain('egress/vpn: something is wrong\n');
      expect(stdout).toContain('    - node2  not ready: the underlay eth0 has MTU 1450\n    + node1  ready\n');
      await send(cluster(), 'PATCH', `${agent}/status`, conditions('True'));
      expect((await runStatus()).status).toBe(0);
    });

    test('clients that are not attached', async () => {
      await network.makeUnattached('open');
      const guard = { name: 'gateway-network-guard', image: 'x', imageID: 'x', ready: false, restartCount: 1 };
      const state = { terminated: { exitCode: 1, message: `${WORDS}\n` } };
      await network.makeUnattached('held', { phase: 'Pending', initContainerStatuses: [{ ...guard, state }] });
      const { status: code, stdout } = await runStatus();
      expect(code).toBe(1);
      expect(stdout).toContain(`${CLIENTS} attached, 2 not attached\n`);
      expect(stdout).toMatch(/^ {4}- apps\/open +it runs, and Multus has not attached it/m);
      expect(stdout).toMatch(new RegExp(`^ {4}- apps/held +the guard keeps it from starting: ${WORDS}$`, 'm'));
    });
  });

  test('who has the rights that docs/command-line.md lists is answered', async () => {
    const page = readFileSync(join(ROOT, 'docs/command-line.md'), 'utf8');
    const [, listed = ''] = /be allowed to `list`, in\nall namespaces, ([^]*?), and to `get`/.exec(page) ?? [];
    const resources = [...listed.matchAll(/`([^`]+)`/g)].flatMap(([, name]) => name ?? []);
    expect(resources).toHaveLength(9);
    const kubeconfig = await kubeconfigOf(cluster(), 'reader', { list: resources });
    const { stdout, stderr } = await runStatus(['--kubeconfig', kubeconfig]);
    expect({ stdout, stderr }).toEqual({ stdout: expect.stringContaining('egress/vpn: '), stderr: '' });
  });

  test('who may not list is told what, and who has no account, and where nobody answers', async () => {
    const url = `https://127.0.0.1:${await freePort()}`;
    const cases: readonly (readonly [string, RegExp])[] = [
      [
        await kubeconfigOf(cluster(), 'nobody'),
        /^error: the cluster at \S+ forbids it: .*nobody" cannot list resource .*\n$/,
      ],
      [
        kubeconfigWith(cluster(), { token: 'wrong' }),
        /^error: the cluster at \S+ does not know who asks: Unauthorized; .*\n$/,
      ],
      [
        kubeconfigWith(cluster(), { url }),
        /^error: the cluster at \S+ is not reached: .*; name another with --kubeconfig or --context\n$/,
      ],
    ];
    for (const [kubeconfig, words] of cases) {
      for (const program of Object.values(PROGRAMS)) {
        const { status: code, stdout, stderr } = await runStatus(['--kubeconfig', kubeconfig], program);
        expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(words) });
      }
    }
  });
});
