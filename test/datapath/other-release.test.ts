import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { createNamespace, removeNamespaces, run } from '../agent/namespace.ts';
import { PROGRAMS } from './bed/image.ts';
import { type Container, startContainer } from './image/container.ts';
import { describeContainers } from './image/requirements.ts';

/** A configuration of a version that nobody has heard of. */
const OTHER = JSON.stringify({ version: 99 });
const SAYS =
  'config.json is of version 99, this program reads version 1: the image must be of the release that has rendered it';

describeContainers('an image of another release than the manifests', (rootfs) => {
  afterAll(removeNamespaces);

  function start(args: readonly string[]): Container & { readonly namespace: string } {
    const folder = mkdtempSync(`${tmpdir()}/gwd-other-`);
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const name of ['config', 'state']) mkdirSync(`${folder}/${name}`);
    writeFileSync(`${folder}/config/config.json`, OTHER);
    writeFileSync(`${folder}/config/rules.nft`, 'table inet gateway {}\n');
    const namespace = createNamespace();
    const container = startContainer({
      name: 'pod',
      rootfs,
      networkNamespace: namespace,
      args,
      env: { ROUTER: '0', HOST_IP: '192.0.2.1', POD_NAME: 'a', POD_NAMESPACE: 'b' },
      mounts: [
        PROGRAMS,
        { source: `${folder}/config`, destination: '/etc/gateway-network', readOnly: true },
        { source: `${folder}/state`, destination: '/run/gateway-network' },
      ],
    });
    onTestFinished(container.remove);
    return { ...container, namespace };
  }

  it.each(['node-agent', 'router', 'wireguard', 'vrrp', 'connections', 'resolver'])(
    'has a program %s that says so, is alive and not ready, and touches nothing',
    async (program) => {
      const container = start(['gateway-network', program, 'run']);
      await eventually(() =>
        expect(container.exec(['gateway-network', program, 'ready'])).toEqual({
          status: 1,
          output: `not ready: ${SAYS}`,
        }),
      );
      expect(container.exec(['gateway-network', program, 'alive']).status).toBe(0);
      expect(container.log().trim().split('\n')).toEqual([`not ready: ${SAYS}`]);
      expect(run(container.namespace, 'nft list ruleset; ip -o link show | grep -v " lo:" || true')).toBe('');
    },
  );

  it.each([
    ['inbound', 'run'],
    ['router', 'rules'],
  ])('has a program %s that ends with that (%s)', async (program, verb) => {
    const container = start(['gateway-network', program, verb]);
    expect(await container.ended()).toBe(1);
    expect(container.log().trim()).toBe(SAYS);
  });
});

describeContainers('an image without our programs', (rootfs) => {
  afterAll(removeNamespaces);

  it('does not start, and the runtime says what is missing', () => {
    const spec = {
      name: 'pod',
      rootfs,
      networkNamespace: createNamespace(),
      args: ['gateway-network', 'router', 'run'],
    };
    // runc's log has quotes in quotes.
    expect(() => startContainer(spec)).toThrow(/exec: \\?"gateway-network\\?": executable file not found in \$PATH/);
  });
});
