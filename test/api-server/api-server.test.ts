import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../engines/describe-tools.ts';
import { folderOf } from '../engines/folder.ts';
import { etcd, kubeApiserver } from '../engines/tool.ts';
import { startApiServer } from './api-server.ts';
import { applied } from './apply.ts';
import { request } from './request.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept}\ndata: {a: b}\n';

describeWith([kubeApiserver(), etcd()], (program = '', storage = '') => {
  test('keeps its objects when it is started again, and leaves nothing when it is stopped', async () => {
    const server = await startApiServer(storage, program);
    try {
      const { metadata } = await applied(server, CONFIG_MAP);
      await server.restart();
      expect((await applied(server, CONFIG_MAP)).metadata).toEqual(metadata);
    } finally {
      await server.stop();
    }
    await expect(request(server, 'GET', '/readyz')).rejects.toThrow('ECONNREFUSED');
    expect(existsSync(dirname(server.kubeconfig))).toBe(false);
  }, 300_000);

  test('ends with the process that started it, even one that is killed', async () => {
    const script = `
      const { startApiServer } = await import(${JSON.stringify(new URL('api-server.ts', import.meta.url).href)});
      const { url, token, ca } = await startApiServer(...${JSON.stringify([storage, program])});
      console.log(JSON.stringify({ url, token, ca }));
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      // A killed process cannot remove what it wrote.
      env: { ...process.env, TMPDIR: folderOf({}) },
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const access = JSON.parse(line.toString()) as { url: string; token: string; ca: string };
    expect((await request(access, 'GET', '/readyz')).status).toBe(200);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await expect
      .poll(async () => request(access, 'GET', '/readyz').then(() => 'answers', String), { timeout: 10_000 })
      .toContain('ECONNREFUSED');
  }, 300_000);

  test('says why where it does not start', async () => {
    await expect(startApiServer('/bin/false', program)).rejects.toThrow(/^etcd ended:/);
  });
});
