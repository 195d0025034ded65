import { expect, test } from 'vitest';
import type { ClusterClient } from '../../fn/cluster/cluster-client.ts';
import { testClient } from '../../fn/verify/client.ts';

test.each(['', 'ip: not found', 'null', '{}', '[]'])(
  'a pod that says %j of its interfaces is not attached, and no fault of the program',
  async (stdout) => {
    const cluster = { execute: async () => ({ status: 1, stdout, stderr: '' }) } as Partial<ClusterClient>;
    const pod = { metadata: { name: 'client-0', namespace: 'a' }, spec: { nodeName: 'node1', containers: [] } };
    const client = await testClient(cluster as ClusterClient, 0, { own: pod, server: {}, service: {}, other: pod });
    expect(client).toMatchObject({ node: 'node1', addresses: [], end: undefined });
  },
);

test('the container of the test is asked, whatever others a webhook has added', async () => {
  const asked: unknown[] = [];
  const cluster: Partial<ClusterClient> = {
    execute: async (place) => {
      asked.push(place);
      return { status: 0, stdout: '[]', stderr: '' };
    },
  };
  const pod = { metadata: { name: 'client-0', namespace: 'a' } };
  const client = await testClient(cluster as ClusterClient, 0, { own: pod, server: {}, service: {}, other: pod });
  const place = { namespace: 'a', pod: 'client-0', container: 'test' };
  expect([...asked, client.id]).toEqual([place, place]);
});
