import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Explanation } from '../../fn/explain/explanation.ts';
import { run, tryRun } from '../agent/namespace.ts';
import { INTERNET } from '../datapath/bed/underlay.ts';
import { example } from '../datapath/bed/example.ts';
import { describeCluster } from './describe.ts';
import { faultsIn, runDoctor } from './doctor.ts';
import { endingSoon } from './senders.ts';
import { install } from './installation.ts';
import { carriedBy } from './packet-way.ts';
import { clients, pods } from './pods.ts';
import { until } from './process.ts';
import { runStatus, runVerb, statusOf } from './status.ts';
import { stopMultus } from './unattached.ts';

describeCluster('`status` and `doctor` name', {}, (cluster) => {
  let before: readonly string[];
  beforeAll(async () => {
    before = faultsIn(cluster(), example('multi-node'));
    await install(cluster(), endingSoon('multi-node'));
    await until('a status without a fault', 30, () => statusOf(cluster()));
  }, 120_000);

  /** Waits until it prints a line, with exit status 1, and shows all that it prints. */
  async function says(line: RegExp, seconds: number): Promise<void> {
    const text = await until(`${line}`, seconds, () => {
      const { status, stdout } = runStatus(cluster());
      return status === 1 && line.test(stdout) && stdout;
    });
    console.log(text);
  }

  it('nothing where all is well, before an install and after it', () => {
    console.log(runDoctor(cluster(), []));
    expect([before, faultsIn(cluster(), example('multi-node')), faultsIn(cluster())]).toEqual([[], [], []]);
  });

  it('what agents and routers say of themselves', async () => {
    const [router] = await pods(cluster(), 'egress', 'app.kubernetes.io/component=router');
    const [status] = statusOf(cluster()) ?? [];
    const agents = status?.agents?.pods.map(({ report }) => report);
    const configuration = status?.agents?.configuration;
    expect(agents).toMatchObject(
      cluster().nodes.map(() => ({ state: expect.stringMatching(/^ready\b/), configuration, peers: 1 })),
    );
    const { activeSince = '', pods: [own] = [] } = status?.routers[0] ?? {};
    expect(own?.report).toMatchObject({
      state: expect.stringMatching(/^ready\b/),
      egress: { interface: 'eth0', addresses: router?.addresses('eth0').slice(0, 1) },
    });
    expect(Date.now() - Date.parse(activeSince)).toBeGreaterThan(0);
    expect(runStatus(cluster(), ['--no-exec']).stdout).not.toMatch(/dropped|unknown| by eth0/);
  });

  it('what was dropped, and where', async () => {
    const [client] = await clients(cluster());
    if (client === undefined) throw new Error('there is no client');
    run(client.namespace, 'ping -n -c 1 192.168.50.1 && ip addr add 192.168.50.250/32 dev net1');
    tryRun(client.namespace, 'ping -n -c 3 -i 0.2 -W 1 -I 192.168.50.250 192.168.50.1');
    run(client.namespace, 'ip addr del 192.168.50.250/32 dev net1');
    const { status, stdout } = runStatus(cluster());
    console.log(stdout);
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`^ +[1-9]\\d* spoofed-source {2}${client.node.name}$`, 'm'));
  });

  it('the way that packets of a client are seen to take', async () => {
    const [router] = await pods(cluster(), 'egress', 'app.kubernetes.io/component=router');
    const all = await clients(cluster());
    const client = all.find(({ node }) => node !== router?.node) ?? all[0];
    if (client === undefined || router === undefined) throw new Error('there is no client, or no router');
    const { status, stdout } = runVerb(cluster(), ['explain', `apps/${client.name}`, INTERNET.IPv4, '-o', 'json']);
    const { explanations } = JSON.parse(stdout) as { readonly explanations: readonly [Explanation] };
    console.log(stdout);
    expect({ status, outcome: explanations[0].outcome }).toEqual({ status: 0, outcome: 'gateway' });
    const carried = carriedBy(explanations[0], client, router);
    run(client.namespace, `ping -n -q -c 20 -i 0.05 ${INTERNET.IPv4}`);
    const after = carriedBy(explanations[0], client, router);
    for (const [device, count] of Object.entries(after)) {
      expect([device, count - (carried[device] ?? 0)]).toEqual([
        device,
        expect.toSatisfy((more: number) => more >= 20),
      ]);
    }
    expect(client.strays()).toBe(0);
  });

  it('what a change would do to what runs', () => {
    const diff = (fields: object) => runVerb(cluster(), ['diff', '-'], example('multi-node', { ...fields }));
    expect(diff({})).toMatchObject({ status: 0, stderr: '' });
    const { status, stdout } = diff({ mtu: 1400, 'overlay.vni': 1001 });
    console.log(stdout);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^ {2}agents {3}rolled/m);
    expect(stdout).toMatch(/^ {2}routers {2}applied live: no pod is replaced$/m);
    expect(stdout).toMatch(/^ {4}restart {2}Deployment apps\/client$/m);
  });

  it('nothing of the secrets that are in the cluster, in an archive with the logs of its programs', async () => {
    const { kubectl, folder } = cluster();
    await kubectl(['-n', 'egress', 'create', 'secret', 'generic', 'planted', '--from-literal=key=PLANTED']);
    const marked = ['pods', '--all', 'vault.example.com/token=PLANTED'];
    for (const namespace of ['egress', 'apps']) await kubectl(['-n', namespace, 'annotate', ...marked]);
    await kubectl(['-n', 'egress', 'annotate', 'daemonset', '--all', 'vault.example.com/token=PLANTED']);
    const archive = join(folder, 'archive.tar.gz');
    expect(runVerb(cluster(), ['gather', '-f', archive])).toMatchObject({ status: 0, stderr: '' });
    const { stdout } = spawnSync('tar', ['xOzf', archive], { encoding: 'utf8' });
    const names = spawnSync('tar', ['tzf', archive], { encoding: 'utf8' }).stdout;
    for (const container of ['node-agent', 'router']) {
      expect(names).toMatch(new RegExp(`^egress\\.vpn/logs/\\S+\\.${container}\\.txt$`, 'm'));
    }
    expect(stdout).toMatch(/^\d{4}-\d\d-\d\dT\S+Z ready/m);
    expect(stdout).toContain('"kubeletVersion": "v1.');
    expect(stdout).not.toContain('PLANTED');
  });

  it('an agent that is not ready, and why', async () => {
    const [node] = cluster().nodes;
    node?.run(['ip', 'link', 'set', 'eth0', 'mtu', '1400']);
    await says(
      new RegExp(
        `^ {4}- ${node?.name} +not ready: the underlay eth0 has MTU 1400: too small for 1450 and 50 of VXLAN`,
        'm',
      ),
      90,
    );
    node?.run(['ip', 'link', 'set', 'eth0', 'mtu', '1500']);
    await until('a status without a fault', 60, () => statusOf(cluster()));
  }, 200_000);

  it('a configuration that somebody has edited', async () => {
    const kind = ['-n', 'egress', 'get', 'configmap', '-l', 'app.kubernetes.io/component=node-agent', '-o', 'name'];
    const name = (await cluster().kubectl(kind)).trim();
    const data = ['-n', 'egress', 'patch', name, '-p', JSON.stringify({ data: { extra: 'x' } })];
    await cluster().kubectl(data);
    await says(/^ {2}wrong {5}the ConfigMap vpn-node-agent-\w+ is not as it was rendered /m, 10);
    await cluster().kubectl([...data.slice(0, -1), JSON.stringify({ data: { extra: null } })]);
    await until('a status without a fault', 60, () => statusOf(cluster()));
  }, 120_000);

  it('a router that is scaled down', async () => {
    const scale = async (replicas: number) =>
      cluster().kubectl(['-n', 'egress', 'scale', 'deployment/vpn-router-0', `--replicas=${replicas}`]);
    await scale(0);
    await says(/^ {2}wrong {5}the Deployment egress\/vpn-router-0 has no pod: it is scaled to 0, and wants 1$/m, 60);
    await scale(1);
    await until('a status without a fault', 60, () => statusOf(cluster()));
  }, 150_000);

  it('a client that Multus does not attach, and what its guard says', async () => {
    await stopMultus(cluster());
    await cluster().kubectl(['-n', 'apps', 'delete', 'pod', '-l', 'app=client', '--wait=false']);
    await says(
      /^ {4}- apps\/client-\S+ +the guard keeps it from starting: this pod is not attached to the network egress\/vpn/m,
      90,
    );
    const nodes = cluster().nodes.map(({ name }) => name);
    expect(faultsIn(cluster())).toEqual([
      `error multus: the DaemonSet kube-system/kube-multus-ds has no pod on ${nodes.join(', ')}`,
    ]);
  }, 200_000);
});
