import { describe, expect, test } from 'vitest';
import { daemonSet, type Planted } from './cluster-objects.ts';
import { FLANNEL } from './healthy.ts';
import { says } from './says.ts';

describe('who enforces NetworkPolicies', () => {
  const clients = [{ selector: { matchLabels: { egress: 'vpn' } }, namespaces: ['apps'], networkPolicy: 'Enabled' }];
  const ofAmazon = (flag: string) =>
    daemonSet('aws-node', 'aws-node', { beside: [{ name: 'aws-eks-nodeagent', args: [flag] }] });

  test.each<readonly [string, readonly Planted[], string]>([
    ['the CNI of Amazon, told to', [ofAmazon('--enable-network-policy=true')], 'unknown Amazon VPC CNI enforces'],
    ['the CNI of Amazon, not told to', [ofAmazon('--enable-network-policy=false')], 'warning Amazon VPC CNI does not'],
    [
      'kube-router',
      [daemonSet('a', 'kube-router')],
      'unknown kube-router enforces NetworkPolicies by its documentation',
    ],
    [
      'kube-router, told not to',
      [daemonSet('a', 'kube-router', { args: ['--run-firewall=false'] })],
      'warning kube-router',
    ],
    ['kindnet', [daemonSet('a', 'kindnet-cni')], 'unknown kindnet enforces NetworkPolicies in some of its releases'],
    ['flannel', FLANNEL, 'warning flannel does not'],
    ['none that is known', [], 'unknown the primary CNI is not recognised'],
  ])('%s', (_, put, words) => {
    const remove = ['DaemonSet kube-flannel-ds'];
    const lines = says('network-policies', { remove, put, fields: { clients } });
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^${words}`))]);
  });
});
