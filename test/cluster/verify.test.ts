import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { type Report, TITLES } from '../../fn/verify/check.ts';
import { open } from '../../fn/cluster/observe.ts';
import { removeLeftovers } from '../../fn/verify/site.ts';
import { PORT, TEST_LABEL } from '../../fn/verify/manifests.ts';
import { run } from '../agent/namespace.ts';
import { INTERNET } from '../datapath/bed/underlay.ts';
import { describeCluster } from './describe.ts';
import { endingSoon } from './senders.ts';
import { apply, install } from './installation.ts';
import { until } from './process.ts';
import type { Node } from './node.ts';
import { runStatus, statusOf } from './status.ts';
import { stream } from './stream.ts';
import {
  agentsAreReadyFor,
  letAgentGoOn,
  namespacesOfTests,
  plant,
  startVerification,
  stopAgent,
  takeRulesAway,
  untilPodsReady,
  uproot,
} from './verification.ts';

/** Two watchers, two clients, and two pods that are none. */
const PODS = 6;
const MIRROR_PORT = 8081;
/** The UDP port of the network's VXLAN. */
const VXLAN = 4799;

/** A NetworkPolicy of the network, which plain CNI plugins do not enforce. */
const POLICY = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'clients', namespace: 'egress', labels: { 'gatewaynetwork.dev/network': 'vpn' } },
  spec: { podSelector: { matchLabels: { app: 'none' } }, policyTypes: ['Egress'] },
};

describeCluster('`test`', {}, (cluster) => {
  beforeAll(async () => {
    const path = fileURLToPath(new URL('mirror.ts', import.meta.url));
    const server = ['netns', 'exec', cluster().underlay.internet, process.execPath, path, String(MIRROR_PORT)];
    const mirror = spawn('ip', server, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(mirror.stdout, 'data');
    mirror.unref();
    await install(cluster(), endingSoon('ha-vrrp'));
    await until('a status without a fault', 30, () => statusOf(cluster()));
  }, 150_000);

  /** The node of the pod of a router. */
  const nodeOf = (router: string): string | undefined =>
    statusOf(cluster())?.[0]?.routers.find(({ name }) => name === router)?.pods[0]?.node;

  // As docs/test.md runs it, with options.
  it('finds a network well while its active router is killed, and leaves nothing behind', async () => {
    const target = `${INTERNET.IPv4}:${MIRROR_PORT}`;
    const args = ['vpn', '--disrupt', '--duration', '20', '--target', target, '-o', 'json'];
    const { status, stdout, stderr } = await startVerification(cluster(), args).said;
    console.log(stdout, stderr);
    const { networks } = JSON.parse(stdout) as { readonly networks: readonly Report[] };
    const others = networks.flatMap(({ checks }) => checks.filter(({ result }) => result !== 'ok'));
    expect(others).toMatchObject([{ id: 'policies', detail: 'the network has none' }]);
    expect(networks[0]?.checks.at(-1)?.detail).toMatch(
      / was deleted: 0 packets around the gateway in 20 s; back after \d/,
    );
    expect(status).toBe(0);
    expect(await namespacesOfTests(cluster())).toBe('');
  }, 120_000);

  it('disrupts no network that is not well', async () => {
    const scale = ['-n', 'egress', 'scale', 'deployment/vpn-router-1'];
    await cluster().kubectl([...scale, '--replicas=0']);
    const { status, stderr } = await startVerification(cluster(), ['--disrupt']).said;
    await cluster().kubectl([...scale, '--replicas=1']);
    expect(stderr).toMatch(/^error: --disrupt is only for a network that is well, and egress\/vpn is not: /);
    expect(status).toBe(2);
  }, 30_000);

  it('tells a gateway that does not come back', async () => {
    const { kubectl, nodes } = cluster();
    await until('a status without a fault', 60, () => statusOf(cluster()));
    // The router that is killed finds no node, and the other does not notice.
    await kubectl(['cordon', ...nodes.map(({ name }) => name)]);
    const standby = nodes.find(({ name }) => name === nodeOf('vpn-router-1'));
    standby?.run(['pkill', '-STOP', '-x', 'keepalived']);
    const { status, stdout, stderr } = await startVerification(cluster(), ['--disrupt', '--duration', '20']).said;
    standby?.run(['pkill', '-CONT', '-x', 'keepalived']);
    await kubectl(['uncordon', ...nodes.map(({ name }) => name)]);
    console.log(stdout, stderr);
    expect(stdout).toMatch(/vpn-router-0-\S+ on node\d was deleted: 0 packets around the gateway in 20 s; not back: /);
    expect(status).toBe(1);
    await until('a status without a fault', 60, () => statusOf(cluster()));
  }, 150_000);

  it('tells clients that leave by the address of their own node', async () => {
    const { nodes, underlay } = cluster();
    const [one, other] = nodes.map(({ addresses }) => addresses.IPv4);
    // Beyond the nodes, what has left by a router gets the address of the other node.
    const forwarded = `ip saddr 10.244.0.0/16 ip daddr ${INTERNET.IPv4} ip dscp set cs1`;
    for (const node of nodes) plant(node, `stamp { type filter hook forward priority 0; ${forwarded}; }`);
    const swapped = `ip dscp cs1 ip saddr ${one} snat to ${other}; ip dscp cs1 ip saddr ${other} snat to ${one}`;
    const table = `table ip planted { chain swap { type nat hook postrouting priority 100; ${swapped}; }; }`;
    run(underlay.fabric, `nft '${table}'`);
    const { status, stdout, stderr } = await startVerification(cluster(), [
      '--duration',
      '3',
      '--target',
      `${INTERNET.IPv4}:${MIRROR_PORT}`,
    ]).said;
    run(underlay.fabric, 'nft delete table ip planted');
    for (const node of nodes) uproot(node);
    console.log(stdout, stderr);
    expect(stdout).toMatch(
      new RegExp(`- ${TITLES.egress}\n +the client on node\\d leaves by 172\\.18\\.\\S+, as its node does by itself\n`),
    );
    expect(status).toBe(1);
  }, 60_000);

  it('removes its namespace when it is interrupted, or told to end', async () => {
    const running = Object.entries({ SIGINT: 130, SIGTERM: 143 }).map(([signal, expected]) => ({
      ...startVerification(cluster(), []),
      signal: signal as NodeJS.Signals,
      expected,
    }));
    await until('two namespaces', 20, async () => (await namespacesOfTests(cluster())).split('\n').length > 2);
    for (const { child, signal } of running) child.kill(signal);
    for (const { said, expected } of running) expect((await said).status).toBe(expected);
    expect(await namespacesOfTests(cluster())).toBe('');
  }, 60_000);

  it('removes the namespace of a test that was killed, an hour later', async () => {
    const { child, said } = startVerification(cluster(), []);
    await until('a namespace', 20, async () => (await namespacesOfTests(cluster())) !== '');
    child.kill('SIGKILL');
    const [, name = ''] = /kubectl delete namespace (\S+)/.exec((await said).stderr) ?? [];
    const opened = await open({ kubeconfig: cluster().kubeconfig });
    if ('refusal' in opened) throw new Error(opened.refusal);
    expect(await removeLeftovers(opened.client, Date.now() + 3_500_000)).toEqual([]);
    expect(await removeLeftovers(opened.client, Date.now() + 3_700_000)).toEqual([name]);
    await cluster().kubectl(['wait', '--for=delete', 'namespace', '-l', TEST_LABEL, '--timeout=60s']);
  }, 90_000);

  it('is told by `status` of a node that another does not send to', async () => {
    const [node, other] = cluster().nodes as [Node, Node];
    await until('agents that have been ready for two minutes', 150, () => agentsAreReadyFor(cluster(), 122));
    stopAgent(node);
    const [vxlan] = JSON.parse(node.run(['ip', '-j', 'link', 'show', 'type', 'vxlan'])) as [{ ifname: string }];
    node.run(['bridge', 'fdb', 'del', '00:00:00:00:00:00', 'dev', vxlan.ifname, 'dst', other.addresses.IPv4]);
    const words = `  wrong     the agent on ${node.name} sends to 0 other nodes, and 1 have an agent: see its log, and spec.overlay.flooding\n`;
    // A machine with much to do may not answer `status` in its time.
    await until('the words of it', 25, () => {
      const { status, stdout } = runStatus(cluster());
      return stdout.includes(words) && status === 1;
    });
    letAgentGoOn(node);
    await until('a status without a fault', 60, () => statusOf(cluster()));
  }, 250_000);

  it('tells a leak with its packet, where a node has lost its rules at eth0, policies that nobody enforces, and lost packets', async () => {
    await apply(cluster(), stream([POLICY]));
    const [, node] = cluster().nodes;
    if (node === undefined) throw new Error('there is no second node');
    plant(node, `in { type filter hook prerouting priority -310; udp dport ${VXLAN} udp length > 1400 drop; }`);
    const { said } = startVerification(cluster(), ['--duration', '10']);
    await untilPodsReady(cluster(), PODS);
    takeRulesAway(node, 'egress.vpn');
    const { status, stdout, stderr } = await said;
    console.log(stdout, stderr);
    expect(stdout).toMatch(
      new RegExp(
        `- programs that ask for eth0: nothing gets out by it\n.*\n +\\d{4}-.*Z ${node.name} eth0 out UDP \\S+ -> 192\\.0\\.2\\.\\d+, `,
      ),
    );
    expect(stdout).toContain('  + programs as usual: nothing goes to eth0\n');
    expect(stdout).toMatch(/^ {6}a pod that is closed by one is reached on node\d, node\d$/m);
    expect(stdout).toMatch(/^ {2}- the largest packets get through to the gateway$/m);
    expect(stdout).toMatch(/^ {2}- clients on different nodes reach each other over the network$/m);
    expect(stdout).toContain('  + the gateway answers\n');
    await cluster().kubectl(['delete', '-f', '-'], stream([POLICY]));
    expect(status).toBe(1);
    expect(await namespacesOfTests(cluster())).toBe('');
    uproot(node);
    letAgentGoOn(node);
    await until('a status without a fault', 60, () => statusOf(cluster()));
  }, 150_000);

  // Last, since the cluster is left as it is then.
  it('tells that nodes do not reach each other, that names are not resolved, and that traffic of the cluster is translated', async () => {
    const nodes = cluster().nodes;
    const drop = `udp dport ${VXLAN} drop;`;
    for (const node of nodes) {
      plant(
        node,
        `in { type filter hook prerouting priority -310; ${drop} }`,
        `nat { type nat hook postrouting priority 90; meta l4proto { tcp, udp } th dport ${PORT} masquerade; }`,
      );
    }
    const coreDns = ['-n', 'kube-system', 'scale', 'deployment/coredns'];
    await cluster().kubectl([...coreDns, '--replicas=0']);
    // Each router is alone then, and takes the gateway's addresses.
    const both = /^ {2}wrong {5}vpn-router-0 and vpn-router-1 both have the gateway's addresses$/m;
    await until('two active routers', 30, () => both.test(runStatus(cluster()).stdout));
    const { status, stdout, stderr } = await startVerification(cluster(), ['--duration', '3']).said;
    console.log(stdout, stderr);
    for (const title of [TITLES.dns, TITLES.pods, TITLES.nodes]) expect(stdout).toContain(`  - ${title}\n`);
    expect(stdout).toMatch(/^ {6}the name kubernetes\.default is not resolved on node\d/m);
    expect(stdout).toMatch(/ port \d+ sees \S+ instead of the pod on node\d/);
    for (const title of [TITLES.services, TITLES.gateway, TITLES.routes]) expect(stdout).toContain(`  + ${title}\n`);
    expect(status).toBe(1);
  }, 150_000);
});
