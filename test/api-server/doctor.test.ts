import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Diagnosis } from '../../fn/doctor/diagnosis.ts';
import { ROOT } from '../commands/command.ts';
import { example } from '../datapath/bed/example.ts';
import { keyOf, node, type Planted, pod } from '../doctor/cluster-objects.ts';
import { faultsOf } from '../doctor/facts.ts';
import type { Fault } from '../doctor/fault.ts';
import { FAULTS_OF_NETWORKS } from '../doctor/faults-of-networks.ts';
import { FAULTS_OF_PLUGINS } from '../doctor/faults-of-plugins.ts';
import { HEALTHY } from '../doctor/healthy.ts';
import { documentsOf } from '../engines/documents.ts';
import { describeWithApiServer } from './cluster.ts';
import { kubeconfigOf } from './account.ts';
import { apply } from './apply.ts';
import { EXAMPLES_RENDERED } from './examples.ts';
import { plant, uproot } from './plant.ts';
import { request } from './request.ts';

/** The most that the verb may take, in milliseconds. */
const PATIENCE = 3000;
const NETWORKS = 20;
/** How many lists are asked for, as docs/command-line.md has it. */
const LISTS = 31;
const PROGRAM = join(ROOT, 'dist/gateway-network-fn');

describeWithApiServer([], (cluster) => {
  beforeAll(async () => {
    for (const object of HEALTHY) await plant(cluster(), object);
  }, 120_000);

  async function doctor(args: readonly string[], input = '', kubeconfig = cluster().kubeconfig) {
    const start = Date.now();
    const child = spawn(PROGRAM, ['doctor', ...args], { env: { ...process.env, KUBECONFIG: kubeconfig } });
    child.stdin.end(input);
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { status: child.exitCode, stdout, stderr, milliseconds: Date.now() - start };
  }

  /** What it says of an example, and its exit status. */
  async function diagnosisOf(input: string): Promise<readonly [number | null, Diagnosis]> {
    const { status, stdout, stderr } = await doctor(['-', '-o', 'json'], input);
    if (status === 2) throw new Error(stderr);
    return [status, JSON.parse(stdout) as Diagnosis];
  }

  /** Without what the input itself would put right. */
  function inputOf({ put = [], example: name = 'multi-node', fields }: Fault): string {
    const planted = new Set(put.map(keyOf));
    const documents = documentsOf(example(name, fields));
    return documents.filter((document) => !planted.has(keyOf(parse(document) as Planted))).join('\n---\n');
  }

  test('a healthy cluster has no fault', async () => {
    const [status, found] = await diagnosisOf(inputOf({ title: '', says: '' }));
    expect(faultsOf(found)).toEqual([]);
    expect({ status, ok: found.ok, primary: found.primary }).toEqual({ status: 0, ok: true, primary: 'flannel' });
  });

  test('the bundle says the same', async () => {
    const bundle = spawn(process.execPath, [join(ROOT, 'dist/gateway-network-fn.mjs'), 'doctor'], {
      env: { ...process.env, KUBECONFIG: cluster().kubeconfig },
    });
    expect(await text(bundle.stdout)).toBe((await doctor([])).stdout);
  });

  const originals = new Map(HEALTHY.map((one) => [keyOf(one), one]));
  const named = (name: string) => HEALTHY.filter(({ kind, metadata }) => `${kind} ${metadata.name}` === name);

  test.each([...FAULTS_OF_NETWORKS, ...FAULTS_OF_PLUGINS])('found is: $title', async (fault) => {
    const { put = [], remove = [], says } = fault;
    for (const object of remove.flatMap(named)) await uproot(cluster(), object);
    for (const object of put) await plant(cluster(), object);
    const [status, found] = await diagnosisOf(inputOf(fault));
    expect(faultsOf(found)).toEqual([says]);
    expect(status).toBe(says.startsWith('error') ? 1 : 0);

    for (const object of put.filter((one) => !originals.has(keyOf(one)))) await uproot(cluster(), object);
    for (const object of put.flatMap((one) => originals.get(keyOf(one)) ?? [])) await plant(cluster(), object);
    for (const object of remove.flatMap(named)) await plant(cluster(), object);
  });

  /** How many lists the API server has been asked for. */
  async function lists(): Promise<number> {
    const metrics = (await request(cluster(), 'GET', '/metrics')).text;
    const counts = metrics.match(/^apiserver_request_total\{.*verb="LIST".*\} \d+$/gm) ?? [];
    return counts.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  async function listsOfDoctor(input: string): Promise<number> {
    const before = await lists();
    await doctor(['-'], input);
    return (await lists()) - before;
  }

  test(`5 nodes and ${NETWORKS} networks take less than ${PATIENCE} ms, and as many lists as 2 nodes and one`, async () => {
    const few = await listsOfDoctor(example('multi-node'));
    for (const number of [3, 4, 5]) await plant(cluster(), node(number));
    const pods = Array.from({ length: 50 }, (_, index) => pod(`more-${index}`, `node${(index % 5) + 1}`));
    await Promise.all(pods.map(async (one) => plant(cluster(), one)));
    const many = Array.from({ length: NETWORKS }, (_, index) => numbered(index)).join('---\n');
    expect([few, await listsOfDoctor(many)]).toEqual([LISTS, LISTS]);
    const { status, stdout, milliseconds } = await doctor(['-'], many);
    console.log(`doctor of ${NETWORKS} networks: ${milliseconds} ms`);
    // Multus and whereabouts are not on the new nodes.
    expect({ status, first: stdout.split('\n')[0] }).toEqual({
      status: 1,
      first: expect.stringMatching(/: 2 errors, /),
    });
    expect(milliseconds).toBeLessThan(PATIENCE);
    for (const number of [3, 4, 5]) await uproot(cluster(), node(number));
  }, 120_000);

  test('without an input, the networks of the cluster are checked', async () => {
    const none = await doctor([]);
    expect(none).toMatchObject({ status: 0, stdout: expect.stringContaining('  networks  none: name a file') });
    for (const document of new Map(EXAMPLES_RENDERED).get('multi-node') ?? []) await apply(cluster(), `${document}\n`);
    const { stdout } = await doctor([]);
    expect(stdout).toContain('  networks  egress/vpn\n');
    expect(stdout).toContain('  ok        subnets: egress/vpn: nothing else uses its subnets\n');
    expect((await doctor(['-n', 'apps'])).stdout).toContain('  networks  none');
  });

  test('input with errors is reported as `validate` does, and the cluster is not asked', async () => {
    const { status, stdout, stderr } = await doctor(['-'], example('multi-node', { 'overlay.vni': 1 }), '/nowhere');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^error: .*`spec.overlay.vni` is "1" and must be/);
  });

  test('a cluster that is not reached is wrong usage', async () => {
    const { status, stdout, stderr } = await doctor([], '', '/nowhere');
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(/^error: /) });
  });

  test('who may not list is told what cannot be seen, and no fault', async () => {
    const { status, stdout } = await doctor(['-'], example('multi-node'), await kubeconfigOf(cluster(), 'nobody'));
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/: no errors, \d+ not known\n/) });
    expect(stdout).toMatch(
      /unknown {3}multus: nodes cannot be seen: the cluster at \S+ forbids it: .*nobody" cannot list/,
    );
    expect(stdout.match(/^ {2}ok/gm)).toHaveLength(2);
  });

  test('who has the rights that docs/command-line.md lists sees all', async () => {
    const page = readFileSync(join(ROOT, 'docs/command-line.md'), 'utf8');
    const [, listed = ''] =
      /To see everything, one must be allowed to `list`, in all\s+namespaces, ([^]*?), and to\s+`get`/.exec(page) ?? [];
    const resources = [...listed.matchAll(/`([^`]+)`/g)].flatMap(([, name]) => name ?? []);
    const kubeconfig = await kubeconfigOf(cluster(), 'reader', { list: resources, get: ['secrets'] });
    const { stdout } = await doctor(['-'], example('vpn-wireguard'), kubeconfig);
    expect(stdout).not.toContain('cannot be seen');
    expect(stdout).toContain('the Secret egress/wireguard is not there');
  });
});

/** The multi-node example, with names and numbers of its own. */
function numbered(index: number): string {
  const fields = { subnets: [`192.168.${100 + index}.0/24`], 'overlay.vni': 2000 + index };
  const [network = ''] = documentsOf(example('multi-node', fields)).filter((document) =>
    document.includes('kind: GatewayNetwork'),
  );
  return `${network.replace('name: vpn', `name: vpn${index}`)}\n`;
}
