import { describe, expect, test } from 'vitest';
import { consume } from './consumer.ts';
import { call, paths, putRender } from './kube.ts';
import { networkText, sha256, tarball } from './tarball.ts';
import { describeWithController } from './with-controller.ts';

describeWithController(({ server, bed, controller, until, succeeded, artifact, publish, published }) => {
  describe('the last good artifact is served, and the condition explains, when the source', () => {
    const cases: readonly (readonly [string, (good: Buffer) => Promise<Buffer>, number | 'cut' | undefined, object])[] =
      [
        [
          'answers 404',
          async (good) => good,
          404,
          { reason: 'FetchFailed', message: expect.stringContaining('status 404') },
        ],
        [
          'answers 500',
          async (good) => good,
          500,
          { reason: 'FetchFailed', message: expect.stringContaining('status 500') },
        ],
        ['breaks off', async (good) => good, 'cut', { reason: 'FetchFailed' }],
        [
          'sends a truncated archive',
          async (good) => good.subarray(0, 100),
          undefined,
          { reason: 'InvalidArchive', message: expect.stringContaining('unexpected end of file') },
        ],
        [
          'sends a tar bomb',
          async () => tarball({ 'x.bin': Buffer.alloc(400 << 20) }),
          undefined,
          { reason: 'InvalidArchive', message: expect.stringContaining('256 MiB unpacked') },
        ],
        [
          'sends a symlink to /etc/passwd',
          async () => tarball({ 'vpn.yaml': { type: 'symlink', linkname: '/etc/passwd' } }),
          undefined,
          { reason: 'InvalidArchive', message: expect.stringContaining('"vpn.yaml" is a symlink to "/etc/passwd"') },
        ],
        [
          'sends a way out',
          async () => tarball({ '../../../tmp/out.yaml': 'x' }),
          undefined,
          { reason: 'InvalidArchive', message: expect.stringContaining('without ".."') },
        ],
        [
          'sends a document of 50 MB',
          async () => tarball({ 'vpn.yaml': `# ${'x'.repeat(50e6)}\n${networkText()}` }),
          undefined,
          { reason: 'InvalidArchive', message: expect.stringContaining('vpn.yaml must not be larger than 4 MiB') },
        ],
        [
          'asks for functions and remote bases',
          async () =>
            tarball({
              'vpn.yaml': networkText(),
              'kustomization.yaml': 'resources: [https://example.com/x, ../..]\ntransformers: [x]\n',
            }),
          undefined,
          {
            reason: 'RenderFailed',
            message: expect.stringContaining('kustomization.yaml: kustomizations are not built here'),
          },
        ],
      ];
    test.for(cases)('%s', async ([title, make, answer, wanted]) => {
      const name = title.replaceAll(/\W+/g, '-').toLowerCase();
      const before = await published(name);
      const archive = await make(await tarball({ 'vpn.yaml': networkText('vpn', 1001) }));
      const path = await publish(name, 'b2', archive, (_, response) => {
        if (typeof answer === 'number') response.writeHead(answer).end();
        else if (answer === 'cut')
          response.writeHead(200, { 'content-length': 9999 }).write('x', () => response.destroy());
        else response.end(archive);
      });
      await until(name, { status: 'False', ...wanted });
      expect(await artifact(name)).toEqual(before);
      await consume(server(), name);
      if (answer === undefined) return;
      // It mends itself, by back-off.
      bed().sources.handle(path, (_, response) => response.end(archive));
      await succeeded(name, 'b2');
      expect(await artifact(name)).not.toEqual(before);
    });

    test('sends a tampered archive', async () => {
      const before = await published('tampered');
      const [good, evil] = [
        await tarball({ 'vpn.yaml': networkText('vpn', 1001) }),
        await tarball({ 'vpn.yaml': networkText('vpn', 6666) }),
      ];
      await publish('tampered', 'b2', good, (_, response) => response.end(evil));
      await until('tampered', {
        status: 'False',
        reason: 'VerificationFailed',
        message: expect.stringContaining(sha256(evil)),
      });
      expect(await artifact('tampered')).toEqual(before);
    });

    test('is deleted', async () => {
      const before = await published('deleted');
      await call(server(), 'DELETE', paths.repository('deleted'));
      await until('deleted', {
        status: 'False',
        reason: 'SourceNotFound',
        message: expect.stringContaining('GitRepository default/deleted, which does not exist'),
      });
      expect(await artifact('deleted')).toEqual(before);
      await publish('deleted', 'b2', await tarball({ 'vpn.yaml': networkText('vpn', 1001) }));
      await succeeded('deleted', 'b2');
    });
  });

  test('YAML that explodes is refused in bounded time', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) =>
        `&l${level} [${Array(10)
          .fill(level === 0 ? 'lol' : `*l${level - 1}`)
          .join(', ')}]`,
    );
    await publish('bomb', 'a1', await tarball({ 'vpn.yaml': `${networkText()}  bomb: [${levels.join(', ')}]\n` }));
    await putRender(server(), 'bomb');
    await until('bomb', { status: 'False', reason: 'RenderFailed', message: expect.stringContaining('vpn.yaml') });
  });

  test('a path out of the source is refused, and one that is not there', async () => {
    await published('path');
    await putRender(server(), 'path', { path: '../../etc' });
    await until('path', { status: 'False', reason: 'InvalidPath', observedGeneration: 2 });
    await putRender(server(), 'path', { path: './nowhere' });
    await until('path', {
      status: 'False',
      reason: 'RenderFailed',
      message: expect.stringContaining('"./nowhere", where the source has no file'),
    });
  });

  test('more networks than are rendered are refused soon, and others are rendered', async () => {
    const many = (file: number) =>
      Array.from({ length: 20_000 }, (_, index) => networkText(`n${file}-${index}`, 1000 + index)).join('---\n');
    const files = Array.from({ length: 4 }, (_, file): [string, string] => [`${file}.yaml`, many(file)]);
    await publish('many', 'a1', await tarball(Object.fromEntries(files)));
    await publish('few', 'a1', await tarball({ 'vpn.yaml': networkText() }));
    await putRender(server(), 'many');
    await putRender(server(), 'few');
    await until('many', { reason: 'RenderFailed', message: expect.stringContaining('more than 2000 GatewayNetworks') });
    await succeeded('few', 'a1');
  });

  test('it needs no more memory for all that than its pod has', () => {
    console.log(`peak memory: ${Math.round(controller().peakMemory() / 2 ** 20)} MiB`);
    expect(controller().peakMemory()).toBeLessThan(512 * 2 ** 20);
  });
});
