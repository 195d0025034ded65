import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { connect } from '../../fn/cluster/connect.ts';
import { list } from '../../fn/cluster/list.ts';
import { getObject, send } from '../../fn/cluster/request.ts';
import { fakeApi, json, refuse } from './fake-api.ts';

const PODS = '/api/v1/pods';
const podList = (names: readonly string[], next?: string) => ({
  kind: 'PodList',
  metadata: { ...(next !== undefined && { continue: next }) },
  items: names.map((name) => ({ metadata: { name } })),
});

/** The names of what is listed, or why nothing is. */
async function namesAt(kubeconfig: string, path = PODS): Promise<readonly unknown[] | string> {
  try {
    const found = await list<{ readonly metadata: { readonly name?: string } }>(
      await connect({ kubeconfig }),
      path,
      {},
    );
    return found.map(({ metadata }) => metadata.name);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('a list in pages', () => {
  test('is put together', async () => {
    const { kubeconfig, requests } = await fakeApi((_, response, query) =>
      json(response, query.get('continue') === 'next' ? podList(['b']) : podList(['a'], 'next')),
    );
    expect(await namesAt(kubeconfig)).toEqual(['a', 'b']);
    expect(requests).toEqual([`${PODS}?limit=1000`, `${PODS}?limit=1000&continue=next`]);
  });

  test('is asked for as a whole where the state of its first page has gone', async () => {
    const { kubeconfig, requests } = await fakeApi((_, response, query) => {
      if (query.has('continue')) refuse(response, 410, 'The provided continue parameter is too old');
      else json(response, query.has('limit') ? podList(['a'], 'next') : podList(['a', 'b']));
    });
    expect(await namesAt(kubeconfig)).toEqual(['a', 'b']);
    expect(requests.at(-1)).toBe(PODS);
  });
});

describe('a server that has too much to do', () => {
  test.each([429, 503])('is asked again after the time that it names, with %d', async (code) => {
    let count = 0;
    const { kubeconfig } = await fakeApi((_, response) => {
      if (++count < 4) refuse(response, code, 'too many requests', { 'retry-after': '0' });
      else json(response, podList(['a']));
    });
    expect(await namesAt(kubeconfig)).toEqual(['a']);
  });

  test('is asked again to make something, too, once', async () => {
    let count = 0;
    const { kubeconfig } = await fakeApi((_, response) => {
      if (++count === 1) refuse(response, 429, 'too many requests', { 'retry-after': '0' });
      else json(response, { kind: 'Pod' }, 201);
    });
    const made = await send(await connect({ kubeconfig }), { method: 'POST', path: PODS, body: {} });
    expect([made, count]).toEqual(['{"kind":"Pod"}', 2]);
  });

  test.each([
    [429, undefined],
    [500, undefined],
    [429, '60'],
    [429, 'Wed, 21 Oct 2026 07:28:00 GMT'],
    [403, '0'],
  ])('is not, with %d and Retry-After %s', async (code, after) => {
    const headers = after === undefined ? {} : { 'retry-after': after };
    const { kubeconfig, requests } = await fakeApi((_, response) => refuse(response, code, 'no', headers));
    expect(await namesAt(kubeconfig)).toMatch(
      /^the cluster at http:\/\/127\.0\.0\.1:\d+ (?:has answered|forbids it): no/,
    );
    expect(requests).toHaveLength(1);
  });
});

const notAnApi = (path: string) => new RegExp(` is no API server of Kubernetes: to ${path} it says '`);

describe('what is no answer of an API server is told', () => {
  test.each(['<html>log in</html>', '', 'null', '5', '"a"', '[]', '{"items": ['])('%j', async (text) => {
    const { kubeconfig } = await fakeApi((_, response) => response.end(text));
    const reason = notAnApi('/api/v1/pods');
    expect(await namesAt(kubeconfig)).toMatch(reason);
    await expect(connect({ kubeconfig }).then(async (one) => getObject(one, PODS))).rejects.toThrow(reason);
  });

  test.each([{}, { kind: 'PodList', items: 'a' }, { kind: 'Status', status: 'Failure' }, { items: [] }])(
    'in place of a list %j',
    async (value) => {
      const { kubeconfig } = await fakeApi((_, response) => json(response, value));
      expect(await namesAt(kubeconfig)).toMatch(notAnApi('/api/v1/pods'));
    },
  );

  test('a body that ends early', async () => {
    const { kubeconfig } = await fakeApi((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"items":');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await namesAt(kubeconfig)).toMatch(/is not reached: aborted; name another with --kubeconfig or --context$/);
  });
});

test('a kind that a cluster does not know has no objects, except where every API server knows it', async () => {
  const { kubeconfig } = await fakeApi((_, response) => void response.writeHead(404).end('404 page not found\n'));
  expect(await namesAt(kubeconfig, '/apis/whereabouts.cni.cncf.io/v1alpha1/ippools')).toEqual([]);
  expect(await namesAt(kubeconfig)).toMatch(notAnApi('/api/v1/pods'));
  expect(await namesAt(kubeconfig, '/apis/apps/v1/daemonsets')).toMatch(notAnApi('/apis/apps/v1/daemonsets'));
});

describe('a kind that is forbidden', () => {
  const POOLS = '/apis/whereabouts.cni.cncf.io/v1alpha1/ippools';
  const answering = async (discovery: (response: ServerResponse) => void) =>
    fakeApi((path, response) => {
      if (path === '/apis/whereabouts.cni.cncf.io/v1alpha1') discovery(response);
      else refuse(response, 403, 'no');
    });

  test.each<readonly [string, (response: ServerResponse) => void]>([
    ['its group is not there', (response) => void response.writeHead(404).end('404 page not found\n')],
    ['its group does not have it', (response) => json(response, { resources: [{ name: 'others' }] })],
  ])('has no objects where %s', async (_, discovery) => {
    expect(await namesAt((await answering(discovery)).kubeconfig, POOLS)).toEqual([]);
  });

  test.each<readonly [string, (response: ServerResponse) => void]>([
    ['it is known', (response) => json(response, { resources: [{ name: 'ippools' }] })],
    ['that is forbidden, too', (response) => refuse(response, 403, 'no')],
    ['that is not told', (response) => json(response, {})],
  ])('is refused where %s', async (_, discovery) => {
    expect(await namesAt((await answering(discovery)).kubeconfig, POOLS)).toMatch(/forbids it: no; see docs/);
  });
});

test('items that are none, and a list that was never filled', async () => {
  const { kubeconfig } = await fakeApi((path, response) =>
    json(response, { kind: 'PodList', items: path === PODS ? [null, 5, { metadata: { name: 'a' } }] : null }),
  );
  expect(await namesAt(kubeconfig)).toEqual([undefined, 'a']);
  expect(await namesAt(kubeconfig, '/api/v1/nodes')).toEqual([]);
});
