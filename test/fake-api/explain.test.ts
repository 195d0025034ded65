import { expect, test } from 'vitest';
import { explain } from '../../fn/commands/explain.ts';
import { fakeApi, json, refuse } from './fake-api.ts';

const OPTIONS = { output: 'text', namespace: 'apps' } as const;

/** A cluster that has a pod and no network. */
async function clusterWith(annotations: Readonly<Record<string, string>>, kind = 'Pod') {
  return fakeApi((path, response) => {
    if (path === '/api/v1')
      return json(response, { kind: 'APIResourceList', resources: [{ name: 'pods', kind: 'Pod' }] });
    if (path === '/api/v1/namespaces/apps/pods/a')
      return json(response, { kind, metadata: { name: 'a', annotations } });
    if (path.includes('/namespaces/')) return refuse(response, 404, 'not found');
    return json(response, { kind: 'List', items: null });
  });
}

test('a client of a network that is not there is not told to be a stranger', async () => {
  const { kubeconfig } = await clusterWith({
    'gatewaynetwork.dev/client-of': 'egress/vpn',
    'k8s.v1.cni.cncf.io/networks': 'egress/vpn',
  });
  await expect(explain('a', '203.0.113.5', { ...OPTIONS, kubeconfig })).rejects.toThrow(
    /^the pod is a client of the network egress\/vpn, and the cluster has no attachment of it that the pod asks for: apply/,
  );
});

test('what is no pod is told', async () => {
  const { kubeconfig } = await clusterWith({}, 'Status');
  await expect(explain('a', '203.0.113.5', { ...OPTIONS, kubeconfig })).rejects.toThrow(
    / is no API server of Kubernetes: to \/api\/v1\/namespaces\/apps\/pods\/a it says '/,
  );
});

test.each(['../x', 'a?b', 'a#b', 'a%2fb', 'apps/..'])('the name %s leads nowhere else', async (name) => {
  const { kubeconfig, requests } = await clusterWith({});
  await expect(explain(name, '203.0.113.5', { output: 'text', kubeconfig })).rejects.toThrow(
    /is no file, and no pod: it must be NAME or NAMESPACE\/NAME$/,
  );
  expect(requests).toEqual([]);
});
