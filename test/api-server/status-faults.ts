import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { NetworkStatus } from '../../fn/status/network-status.ts';
import { customKind } from '../doctor/cluster-objects.ts';
import { kubeconfigOf } from './account.ts';
import { applied, remove } from './apply.ts';
import type { Cluster } from './cluster.ts';
import { EXAMPLES_RENDERED } from './examples.ts';
import { plant, uproot } from './plant.ts';
import { send } from './stand-in-pods.ts';

/** The pods of agents and routers. */
export const PODS = '/api/v1/namespaces/egress/pods';
/** How long an answer may take, in milliseconds, where programs in pods cannot be asked. */
const PATIENCE = 3000;

const containerOf = (name: string) => ({ name, image: 'a', imageID: 'a', ready: false, restartCount: 0 });

/** Runs `status` with arguments, as a program. */
type RunStatus = (
  args?: readonly string[],
  program?: readonly string[],
) => Promise<{ readonly status: number | null; readonly stdout: string; readonly milliseconds: number }>;

/** Tests of faults in a cluster whose network is well without them. */
export function testPlantedFaults(cluster: Cluster, runStatus: RunStatus): void {
  describe('a fault that is planted is named, and gives exit status 1:', () => {
    const agent = `${PODS}/vpn-node-agent-node2`;
    const attachment = '/apis/k8s.cni.cncf.io/v1/namespaces/egress/network-attachment-definitions/vpn';
    const ofRelease = (version: string) => ({ metadata: { labels: { 'app.kubernetes.io/version': version } } });
    const withAgent = (isReady: 'True' | 'False', ...containerStatuses: readonly object[]) => ({
      status: { conditions: [{ type: 'Ready', status: isReady }], containerStatuses },
    });
    const unpulled = { waiting: { reason: 'ImagePullBackOff', message: 'no match for platform' } };

    test.each<readonly [string, string, object, object, RegExp]>([
      [
        'a part of the manifests of another release',
        attachment,
        ofRelease('0.0.9'),
        ofRelease('0.1.0'),
        /^ {2}wrong {5}its objects are of the releases 0\.0\.9 and 0\.1\.0: apply all manifests of one$/m,
      ],
      [
        'an image that cannot be pulled',
        `${agent}/status`,
        withAgent('False', { ...containerOf('node-agent'), state: unpulled }),
        withAgent('True'),
        /^ {4}- node2 +not ready: container node-agent: ImagePullBackOff: no match for platform$/m,
      ],
    ])('%s', async (_, path, fault, cure, line) => {
      await send(cluster(), 'PATCH', path, fault);
      const { status: code, stdout } = await runStatus();
      expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(line) });
      await send(cluster(), 'PATCH', path, cure);
      expect((await runStatus()).status).toBe(0);
    });

    test('a pod that is older than the policy that chooses it', async () => {
      const [policy] = (new Map(EXAMPLES_RENDERED).get('admission') ?? []).filter((document) =>
        document.includes('kind: MutatingAdmissionPolicy\n'),
      );
      const containers = [{ name: 'a', image: 'a' }];
      await send(cluster(), 'POST', '/api/v1/namespaces', { metadata: { name: 'older', labels: { egress: 'vpn' } } });
      const pods = '/api/v1/namespaces/older/pods';
      await send(cluster(), 'POST', pods, { metadata: { name: 'plain' }, spec: { nodeName: 'node1', containers } });
      await send(cluster(), 'PATCH', `${pods}/plain/status`, { status: { phase: 'Running' } });
      // The times of objects have no fractions of a second.
      await sleep(1100);
      const object = await applied(cluster(), `${policy}\n`);
      const { status: code, stdout } = await runStatus();
      expect({ code, stdout }).toEqual({
        code: 1,
        stdout: expect.stringMatching(
          /^ {4}- older\/plain +it is older than the policy egress-vpn-\w+, which chooses it/m,
        ),
      });
      await remove(cluster(), object);
      expect((await runStatus()).status).toBe(0);
    });

    test('a pool that pods have emptied which do not run', async () => {
      await plant(cluster(), customKind('ippools.whereabouts.cni.cncf.io', 'IPPool', 'Namespaced', 'v1alpha1'));
      const allocations = Object.fromEntries(
        Array.from({ length: 254 }, (_, index) => [index + 1, { id: `${index}`, podref: `apps/gone-${index}` }]),
      );
      const pool = {
        apiVersion: 'whereabouts.cni.cncf.io/v1alpha1',
        kind: 'IPPool',
        metadata: { name: '192.168.50.0-24', namespace: 'kube-system' },
        spec: { range: '192.168.50.0/24', allocations },
      };
      await plant(cluster(), pool);
      const { status: code, stdout } = await runStatus();
      expect(code).toBe(1);
      expect(stdout).toContain(
        '  wrong     no address of 192.168.50.0/24 is free for another client: all 239 are taken, 239',
      );
      expect(stdout).toContain(
        '  pool      239 of 239 addresses of 192.168.50.0/24 are taken, 239 by pods that do not run\n',
      );
      await uproot(cluster(), pool);
      expect((await runStatus()).status).toBe(0);
    });
  });
}

/** Tests of programs that run, but in no container: there is no kubelet behind the API server. */
export function testUnasked(
  cluster: Cluster,
  runStatus: RunStatus,
  programs: Readonly<Record<string, readonly string[]>>,
): void {
  describe('who is there to be asked, and cannot be,', () => {
    beforeAll(async () => {
      for (const [pod, name] of [
        ['vpn-node-agent-node1', 'node-agent'],
        ['vpn-router-0-node1', 'router'],
      ] as const) {
        const running = { ...containerOf(name), ready: true, state: { running: {} } };
        await send(cluster(), 'PATCH', `${PODS}/${pod}/status`, { status: { containerStatuses: [running] } });
      }
    });

    test('is told with the reason, and nothing is wrong', async () => {
      const { status: code, stdout, milliseconds } = await runStatus();
      // No kubelet stands behind these nodes.
      const line = /^ {2}unknown {3}node1, vpn-router-0 could not be asked: .*$/m;
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(line) });
      expect(milliseconds).toBeLessThan(PATIENCE);
      console.log(line.exec(stdout)?.[0]);
    });

    test('is told what it takes where that is forbidden', async () => {
      const kubeconfig = await kubeconfigOf(cluster(), 'lister', { list: ['*'] });
      for (const [name, program] of Object.entries(programs)) {
        const { status: code, stdout } = await runStatus(['--kubeconfig', kubeconfig], program);
        const words =
          '  unknown   node1, vpn-router-0 could not be asked: forbidden: whoever asks must be allowed to create and get pods/exec in the namespace egress\n';
        expect({ name, code, stdout }).toEqual({ name, code: 0, stdout: expect.stringContaining(words) });
      }
    });

    test('is not asked where that is not wanted', async () => {
      expect((await runStatus(['--no-exec'])).stdout).not.toContain('unknown');
      const { networks } = JSON.parse((await runStatus(['--no-exec', '-o', 'json'])).stdout) as {
        readonly networks: readonly NetworkStatus[];
      };
      expect(networks[0]?.routers[0]?.pods[0]).not.toHaveProperty('unasked');
    });
  });
}
