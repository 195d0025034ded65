import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createRenderThread, type RenderThread } from '../../fn/flux/render-thread.ts';
import { consumeFiles } from './consumer.ts';
import { fileOf, networkText, scratchFolder, sha256, tarball } from './tarball.ts';

const PROGRAM = new URL('../../dist/flux/render-worker.mjs', import.meta.url);

function thread(program: URL, limits: { timeout?: number; heap?: number } = {}): RenderThread {
  const created = createRenderThread({ program, ...limits });
  onTestFinished(() => created.stop());
  return created;
}

/** A thread that does what the path of its job says. */
function scripted(): URL {
  const file = join(scratchFolder(), 'worker.mjs');
  writeFileSync(
    file,
    `import { writeFileSync } from 'node:fs';
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ path, file }) => {
      if (path === 'loop') for (;;) writeFileSync(file, '');
      if (path === 'grow') for (const all = []; ; ) all.push(new Array(1e5).fill({}).map(() => ({})));
      if (path === 'throw') throw new Error('a fault');
      if (path === 'exit') process.exit(3);
      parentPort.postMessage({ rendered: { bytes: new Uint8Array(), digest: path + ' ' + JSON.stringify(process.env), warnings: [] } });
    });`,
  );
  return pathToFileURL(file);
}

describe('the program', () => {
  test('renders one job after the other, each the same whenever it comes', async () => {
    const { render } = thread(PROGRAM);
    const file = fileOf(await tarball({ 'a/vpn.yaml': networkText(), 'a/x.txt': 'x' }));
    const [one, other] = await Promise.all([render({ file, path: 'a' }), render({ file, path: './a/' })]);
    expect(one).toEqual(other);
    expect(sha256(one.bytes)).toBe(one.digest);
    expect([...(await consumeFiles(one.bytes)).keys()]).toContain('kustomization.yaml');
  });

  test('answers with what is wrong', async () => {
    const { render } = thread(PROGRAM);
    const file = fileOf(await tarball({ 'vpn.yaml': networkText('vpn', 0) }));
    await expect(render({ file, path: '.' })).rejects.toMatchObject({
      reason: 'RenderFailed',
      message: expect.stringContaining('vpn.yaml:6:13: GatewayNetwork egress/vpn: `spec.overlay.vni`'),
    });
    await expect(render({ file, path: '../' })).rejects.toMatchObject({ reason: 'InvalidPath' });
    await expect(render({ file: fileOf(Buffer.from('x')), path: '.' })).rejects.toMatchObject({
      reason: 'InvalidArchive',
    });
  });
});

describe('a thread', () => {
  const job = (path: string) => ({ file: '', path });

  test('has no environment', async () => {
    expect((await thread(scripted()).render(job('hello'))).digest).toBe('hello {}');
  });

  test('that takes too long is ended, and the next job is done', async () => {
    const { render } = thread(scripted(), { timeout: 3000 });
    const file = join(scratchFolder(), 'still-running');
    const [looping, next] = await Promise.allSettled([render({ file, path: 'loop' }), render(job('next'))]);
    expect(looping).toMatchObject({
      reason: { reason: 'RenderFailed', message: 'rendering takes longer than 3 s, and was stopped' },
    });
    expect(next).toMatchObject({ value: { digest: 'next {}' } });
    await sleep(500);
    rmSync(file);
    await sleep(300);
    expect(existsSync(file)).toBe(false);
  });

  test('that takes too much memory is ended, and the next job is done', async () => {
    const { render } = thread(scripted(), { heap: 32 });
    await expect(render(job('grow'))).rejects.toMatchObject({
      reason: 'RenderFailed',
      message: 'rendering takes more than 32 MiB of memory, and was stopped',
    });
    expect((await render(job('next'))).digest).toBe('next {}');
  });

  test.for([
    ['throw', 'a fault'],
    ['exit', 'the render thread has ended'],
  ] as const)('that fails (%s) is a fault of the program, and the next job is done', async ([path, message]) => {
    const { render } = thread(scripted());
    await expect(render(job(path))).rejects.toThrow(message);
    expect((await render(job('next'))).digest).toBe('next {}');
  });
});
