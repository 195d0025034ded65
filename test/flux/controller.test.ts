import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { remove } from '../api-server/apply.ts';
import { filesIn, folderOf } from '../engines/folder.ts';
import { FUNCTION, output, run } from '../engines/program.ts';
import { consume } from './consumer.ts';
import { call, condition, get, paths, put, putRender, type Any } from './kube.ts';
import { networkText, sha256, tarball } from './tarball.ts';
import { describeWithController } from './with-controller.ts';

const REQUEST = { 'reconcile.fluxcd.io/requestedAt': '2026-01-01T00:00:00Z' };

describeWithController(({ server, bed, controller, until, succeeded, artifact, publish, published }) => {
  const events = async (name: string): Promise<Any[]> =>
    (await get(server(), paths.events())).items.filter(({ involvedObject }: Any) => involvedObject.name === name);

  test('a source is rendered as `render -o` renders it, and published by the rules of Flux', async () => {
    const files = {
      'net/vpn.yaml': networkText(),
      'net/sub/x.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x # kept\n',
    };
    await publish('first', 'a1', await tarball({ ...files, 'other/bad.yaml': '[', 'net/note.md': '[' }));
    const { metadata } = await putRender(server(), 'first', { path: './net' });
    const render = await succeeded('first', 'a1');
    const rendered = folderOf({});
    output(FUNCTION, ['render', '-o', rendered, folderOf(files)]);
    expect(await consume(server(), 'first')).toEqual(filesIn(rendered));

    const external = await get(server(), paths.artifact('first'));
    const { digest, revision, path, url, size, lastUpdateTime } = external.status.artifact;
    expect(revision).toBe(`latest@${digest}`);
    expect(path).toBe(`externalartifact/default/first/${digest.slice(7)}.tar.gz`);
    expect(url).toBe(`${controller().url}/${path}`);
    expect(size).toBe(statSync(join(controller().storage, path)).size);
    expect(lastUpdateTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(external.status.artifact.metadata).toEqual({ 'org.opencontainers.image.revision': 'main@sha1:a1' });
    const owner = { apiVersion: 'gatewaynetwork.dev/v1alpha1', kind: 'GatewayNetworkRender', name: 'first' };
    expect(external.spec.sourceRef).toEqual({ ...owner, namespace: 'default' });
    expect(external.metadata.ownerReferences).toEqual([{ ...owner, uid: metadata.uid, controller: true }]);
    expect(condition(external)).toMatchObject({ status: 'True', reason: 'Succeeded', observedGeneration: 1 });

    expect(render.status).toMatchObject({
      observedGeneration: 1,
      observedSourceRevision: 'main@sha1:a1',
      artifact: { digest, revision },
    });
    expect(render.status.conditions).toHaveLength(1);
    expect(condition(render)).toMatchObject({ reason: 'Succeeded', observedGeneration: 1 });
    await expect.poll(() => events('first')).toMatchObject([{ type: 'Normal', reason: 'Succeeded' }]);
  });

  test('a commit that renders the same is no new artifact', async () => {
    await published('same');
    const before = await get(server(), paths.artifact('same'));
    await publish('same', 'b2', await tarball({ 'vpn.yaml': networkText(), 'README.md': 'x' }));
    const { status } = await succeeded('same', 'b2');
    expect(status.observedSourceRevision).toBe('main@sha1:b2');
    expect((await get(server(), paths.artifact('same'))).metadata.resourceVersion).toBe(
      before.metadata.resourceVersion,
    );
    expect(readdirSync(join(controller().storage, 'externalartifact/default/same'))).toHaveLength(1);
  });

  test('a commit that changes something is published, and the artifact before it can still be fetched', async () => {
    const before = await published('change');
    for (const [commit, vni] of [
      ['b2', 1001],
      ['c3', 1002],
      ['d4', 1003],
    ] as const) {
      const started = performance.now();
      await publish('change', commit, await tarball({ 'vpn.yaml': networkText('vpn', vni) }));
      const last = await artifact('change');
      await succeeded('change', commit);
      console.log(`from the source's status to the artifact's: ${Math.round(performance.now() - started)} ms`);
      expect((await fetch(last.url)).status).toBe(200);
    }
    expect((await artifact('change')).digest).not.toBe(before.digest);
    expect(JSON.stringify([...(await consume(server(), 'change'))])).toContain('1003');
    expect((await fetch(before.url)).status).toBe(404);
    expect(readdirSync(join(controller().storage, 'externalartifact/default/change'))).toHaveLength(2);
  });

  test('what cannot be rendered leaves the last good artifact, and the condition says why, with file and field', async () => {
    const before = await published('bad');
    await publish('bad', 'b2', await tarball({ 'vpn.yaml': networkText('vpn', 0) }));
    const { status } = await until('bad', { status: 'False', reason: 'RenderFailed', observedGeneration: 1 });
    const { message } = condition({ status });
    expect(message).toContain(
      'vpn.yaml:6:13: GatewayNetwork egress/vpn: `spec.overlay.vni` must be between 1 and 16777215, not "0"',
    );
    expect(message).toContain(`${before.revision} stays published`);
    expect(status).toMatchObject({ observedSourceRevision: 'main@sha1:a1', artifact: { digest: before.digest } });
    expect(condition({ status }, 'Stalled')).toMatchObject({ status: 'True', reason: 'RenderFailed' });
    expect(await artifact('bad')).toEqual(before);
    await consume(server(), 'bad');
    await expect
      .poll(() => events('bad'))
      .toContainEqual(expect.objectContaining({ type: 'Warning', reason: 'RenderFailed' }));

    await publish('bad', 'c3', await tarball({ 'vpn.yaml': networkText('vpn', 1001) }));
    expect((await succeeded('bad', 'c3')).status.conditions).toHaveLength(1);
  });

  test('while it is suspended, nothing happens', async () => {
    const before = await published('idle');
    await putRender(server(), 'idle', { suspend: true });
    const path = await publish('idle', 'b2', await tarball({ 'vpn.yaml': networkText('vpn', 1001) }));
    // Another one that comes later is done; this one would have been before it.
    await published('after-idle');
    expect(bed().sources.requests.has(path)).toBe(false);
    expect(await artifact('idle')).toEqual(before);
    await putRender(server(), 'idle');
    await succeeded('idle', 'b2');
  });

  test('a request by annotation is answered', async () => {
    await published('asked');
    const render = paths.render('asked');
    await call(server(), 'PATCH', render, { metadata: { annotations: REQUEST } }, 'application/merge-patch+json');
    await expect
      .poll(async () => (await get(server(), render)).status.lastHandledReconcileAt)
      .toBe(Object.values(REQUEST)[0]);
  });

  test('the interval mends what nothing tells of: an archive that is changed on disk', async () => {
    const { path, url, digest } = await published('mended');
    await putRender(server(), 'mended', { interval: '1s' });
    await until('mended', { status: 'True', observedGeneration: 2 });
    writeFileSync(join(controller().storage, path), 'rotten');
    await expect
      .poll(async () => sha256(Buffer.from(await (await fetch(url)).arrayBuffer())), { timeout: 10_000 })
      .toBe(digest);
    await putRender(server(), 'mended', { suspend: true });
  });

  test('an artifact that somebody deletes or changes is put back', async () => {
    const before = await published('put-back');
    const object = {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'ExternalArtifact',
      metadata: { name: 'put-back', namespace: 'default' },
    };
    await remove(server(), object);
    await expect.poll(async () => (await artifact('put-back'))?.digest, { timeout: 10_000 }).toBe(before.digest);
    const evil = { ...before, url: 'http://evil.example.com/x', digest: `sha256:${'0'.repeat(64)}` };
    await call(
      server(),
      'PATCH',
      `${paths.artifact('put-back')}/status`,
      { status: { artifact: evil } },
      'application/merge-patch+json',
    );
    await expect.poll(async () => (await artifact('put-back'))?.url, { timeout: 10_000 }).toBe(before.url);
  });

  test('an artifact of somebody else is left alone', async () => {
    const object = {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'ExternalArtifact',
      metadata: { name: 'taken', namespace: 'default' },
    };
    await put(server(), paths.artifact('taken'), object);
    await publish('taken', 'a1', await tarball({ 'vpn.yaml': networkText() }));
    await putRender(server(), 'taken');
    await until('taken', {
      status: 'False',
      reason: 'NotOurs',
      message: expect.stringContaining('ExternalArtifact default/taken exists'),
    });
    expect(await artifact('taken')).toBeUndefined();
    expect((await get(server(), paths.artifact('taken'))).metadata.ownerReferences).toBeUndefined();
  });

  test.for([
    ['OCIRepository', 'ocirepositories', { interval: '1m', url: 'oci://example.com/x' }],
    ['Bucket', 'buckets', { interval: '1m', bucketName: 'x', endpoint: 'example.com' }],
    ['ExternalArtifact', 'externalartifacts', {}],
  ] as const)('what an object of kind %s publishes is a source, too', async ([kind, plural, spec]) => {
    const name = kind.toLowerCase();
    await publish(name, 'a1', await tarball({ 'vpn.yaml': networkText('vpn', 1004) }));
    const { artifact: origin } = (await get(server(), paths.repository(name))).status;
    const path = paths.artifact('upstream').replace('externalartifacts', plural);
    const object = {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind,
      metadata: { name: 'upstream', namespace: 'default' },
    };
    await put(server(), path, { ...object, spec });
    await putRender(server(), name, { sourceRef: { kind, name: 'upstream' } });
    await until(name, {
      status: 'False',
      reason: 'SourceNotReady',
      message: `${kind} default/upstream has no artifact yet`,
    });
    await put(server(), `${path}/status`, { ...object, status: { artifact: origin } });
    await succeeded(name, 'a1');
  });

  test('archives go with their object', async () => {
    const { path } = await published('gone');
    await call(server(), 'DELETE', paths.render('gone'));
    await expect.poll(() => existsSync(join(controller().storage, path))).toBe(false);
  });

  test('a field that the API does not have is refused by the API server', async () => {
    await expect(putRender(server(), 'wrong', { sourceRef: { kind: 'HelmChart', name: 'x' } })).rejects.toThrow(
      'spec.sourceRef.kind: Unsupported value',
    );
    await expect(putRender(server(), 'wrong', { interval: 'soon' })).rejects.toThrow('spec.interval');
  });

  test('it can write nowhere but in its store, and read no source of privilege', () => {
    const inside = (script: string) =>
      run('nsenter', [`--target=${controller().pid}`, '--mount', 'sh', '-c', script]).stderr.trim();
    for (const path of ['/tmp/x', '/etc/x', '/srv/x', '/home/x'])
      expect(inside(`touch ${path}`)).toContain('Read-only file system');
    expect(inside(`touch ${controller().storage}/x && rm ${controller().storage}/x`)).toBe('');
    const status = readFileSync(`/proc/${controller().pid}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\s+65534\s+65534\s+65534\s+65534$/m);
    expect(status).toMatch(/^CapEff:\s+0{16}$/m);
    expect(status).toMatch(/^CapBnd:\s+0{16}$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
  });

  test('it tells Prometheus, and logs JSON', async () => {
    await published('measured');
    const metrics = await controller().metrics();
    expect(metrics).toMatch(/^gateway_network_flux_ready\{namespace="default",name="measured"\} 1$/m);
    expect(metrics).toMatch(/^gateway_network_flux_leader 1$/m);
    expect(metrics).toMatch(/^gateway_network_flux_reconcile_duration_seconds_count\{result="Succeeded"\} [1-9]/m);
    expect(metrics).toMatch(/^gateway_network_flux_artifacts_published_total [1-9]/m);
    expect(metrics).toMatch(/^process_resident_memory_bytes /m);
    for (const line of controller().logs())
      expect(JSON.parse(line)).toMatchObject({
        level: expect.any(String),
        ts: expect.any(String),
        msg: expect.any(String),
      });
    expect(
      controller()
        .logs()
        .filter((line) => line.includes('"fault"')),
    ).toEqual([]);
  });
});
