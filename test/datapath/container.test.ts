import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { createNamespace, type Namespace, removeNamespaces, run } from '../agent/namespace.ts';
import { folderOf } from '../engines/folder.ts';
import { type Container, startContainer } from './image/container.ts';
import type { ContainerSpec } from './image/oci-config.ts';
import { describeContainers } from './image/requirements.ts';

/** As in the agent's manifest. */
const SECURITY = {
  runAsUser: 0,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
  seccompProfile: { type: 'RuntimeDefault' },
};
const NET_ADMIN = '0000000000001000';
const NONE = '0000000000000000';
const SLEEP = ['sleep', 'infinity'];

describeContainers('a container', (rootfs) => {
  let namespace: Namespace;
  beforeAll(() => {
    namespace = createNamespace();
    run(namespace, 'ip link add br0 type bridge');
  });
  afterAll(removeNamespaces);
  afterAll(() => expect(traces()).toEqual([]));

  function start(spec: Partial<ContainerSpec> = {}): Container {
    const all = { name: 'pod', rootfs, networkNamespace: namespace, args: SLEEP, security: SECURITY, ...spec };
    const container = startContainer(all);
    onTestFinished(container.remove);
    return container;
  }

  /** The fields of /proc/self/status of a command in a container. */
  function status(container: Container): Readonly<Record<string, string>> {
    const lines = container.exec(['cat', '/proc/self/status']).output.split('\n');
    return Object.fromEntries(lines.map((line) => line.split(':\t')));
  }

  test('has the capabilities of its manifest, its commands too', async () => {
    const wanted = { CapInh: NONE, CapPrm: NET_ADMIN, CapEff: NET_ADMIN, CapBnd: NET_ADMIN, CapAmb: NONE };
    expect(status(start())).toMatchObject(wanted);
    const printing = start({ args: ['grep', '^Cap', '/proc/self/status'] });
    expect(await printing.ended()).toBe(0);
    expect(printing.log().trim().split('\n')).toEqual(
      Object.entries(wanted).map(([name, value]) => `${name}:\t${value}`),
    );
  });

  test('another user than root has none in effect', () => {
    const container = start({ security: { ...SECURITY, runAsUser: 65534 } });
    expect(status(container)).toMatchObject({
      CapEff: NONE,
      CapPrm: NONE,
      CapBnd: NET_ADMIN,
      Uid: expect.stringMatching(/^65534\t/),
    });
    expect(container.exec(['id']).output).toMatch(/^uid=65534\(nobody\) gid=65534\(nogroup\)/);
    expect(() => start({ security: { runAsNonRoot: true } })).toThrow('runAsNonRoot');
  });

  test('without a security context it has what runtimes give', () => {
    const container = start({ security: {} });
    expect(status(container)).toMatchObject({ CapEff: '00000000a80425fb', NoNewPrivs: '0', Seccomp: '0' });
    expect(container.exec(['unshare', '--user', 'true']).status).toBe(0);
  });

  test('gains no privilege, and system calls are filtered', () => {
    const container = start();
    expect(status(container)).toMatchObject({ NoNewPrivs: '1', Seccomp: '2' });
    expect(container.exec(['unshare', '--user', 'true'])).toMatchObject({
      status: 1,
      output: expect.stringContaining('Function not implemented'),
    });
  });

  test('its root is read-only', () => {
    const container = start();
    for (const path of ['/x', '/etc/x', '/run/x', '/tmp/x'])
      expect(container.exec(['touch', path]).output).toContain('Read-only file system');
  });

  test('with a root to write to, the image stays as it is', () => {
    const container = start({ security: { ...SECURITY, readOnlyRootFilesystem: false } });
    expect(container.exec(['touch', '/etc/written'])).toEqual({ status: 0, output: '' });
    expect(existsSync(`${rootfs}/etc/written`)).toBe(false);
    expect(start().exec(['test', '-e', '/etc/written']).status).toBe(1);
  });

  test('kernel settings are read-only, secrets of the machine are hidden', () => {
    const container = start();
    expect(container.exec(['sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward']).output).toContain('Read-only');
    expect(container.exec(['sh', '-c', 'echo 0 >/sys/class/net/br0/bridge/stp_state']).output).toContain('Read-only');
    expect(container.exec(['sh', '-c', 'cat /proc/keys /proc/timer_list && ls /sys/firmware'])).toEqual({
      status: 0,
      output: '',
    });
  });

  test('is in the network namespace that it was given, and may change it', () => {
    const container = start();
    const inode = statSync(`/run/netns/${namespace}`).ino;
    expect(container.exec(['readlink', '/proc/self/ns/net']).output).toBe(`net:[${inode}]`);
    expect(container.exec(['ls', '/sys/class/net']).output).toContain('br0');
    expect(container.exec(['ip', 'link', 'add', 'br1', 'type', 'bridge'])).toEqual({ status: 0, output: '' });
    expect(run(namespace, 'ip -o link show br1')).toContain('br1');
    expect(container.exec(['ip', 'link', 'del', 'br1']).status).toBe(0);
  });

  test('sees its own processes, by its own name', () => {
    const container = start({ name: 'router-0' });
    expect(container.exec(['sh', '-c', 'hostname; tr "\\0" " " </proc/1/cmdline']).output).toBe(
      'router-0\nsleep infinity',
    );
    expect(start({ name: 'agent', hostname: 'node1' }).exec(['hostname']).output).toBe('node1');
  });

  test('has its mounts', () => {
    const folder = folderOf({
      'config/a.env': 'A=1\n',
      'state/kept': '',
      'resolv.conf': 'nameserver 192.0.2.1\n',
      hosts: '192.0.2.2 peer\n',
    });
    const container = start({
      mounts: [
        { source: `${folder}/config`, destination: '/etc/gateway-network', readOnly: true },
        { source: `${folder}/state`, destination: '/run/gateway-network' },
      ],
      tmpfs: [{ destination: '/run/memory', size: 65_536 }],
      resolvConf: `${folder}/resolv.conf`,
      hosts: `${folder}/hosts`,
    });
    expect(container.exec(['cat', '/etc/gateway-network/a.env', '/etc/resolv.conf']).output).toBe(
      'A=1\nnameserver 192.0.2.1',
    );
    expect(container.exec(['getent', 'hosts', 'peer']).output).toMatch(/^192\.0\.2\.2 +peer$/);
    for (const path of ['/etc/gateway-network/b', '/etc/hosts', '/etc/resolv.conf'])
      expect(container.exec(['touch', path]).output).toContain('Read-only file system');
    expect(container.exec(['cp', '/etc/hosts', '/run/gateway-network/']).status).toBe(0);
    expect(readFileSync(`${folder}/state/hosts`, 'utf8')).toBe('192.0.2.2 peer\n');
    expect(container.exec(['sh', '-c', 'head -c 60000 /dev/zero >/run/memory/a']).status).toBe(0);
    expect(container.exec(['sh', '-c', 'head -c 60000 /dev/zero >/run/memory/b']).output).toContain('No space left');
  });

  test('a command gives its status and what it prints, and has the environment of the container', () => {
    const container = start({ env: { HOST_IP: '192.0.2.7' } });
    expect(container.exec(['sh', '-c', 'echo $HOST_IP; echo wrong >&2; exit 7'])).toEqual({
      status: 7,
      output: '192.0.2.7\nwrong',
    });
  });

  test('a signal reaches its first process, and its end is told', async () => {
    const trapping = start({
      args: ['sh', '-c', 'trap "echo caught; exit 3" TERM; echo ready; while :; do sleep 0.05; done'],
    });
    await eventually(() => expect(trapping.log()).toBe('ready\n'));
    trapping.kill('SIGTERM');
    expect(await trapping.ended()).toBe(3);
    expect(trapping.log()).toBe('ready\ncaught\n');
    trapping.kill('SIGTERM');
    const killed = start();
    killed.kill('SIGKILL');
    expect(await killed.ended()).toBe(137);
    expect(killed.exec(['true']).status).not.toBe(0);
    expect(killed.processes()).toEqual([]);
  });

  test('its processes are told by the ids that the machine knows', () => {
    const container = start({ args: ['sh', '-c', 'sleep 1000 & wait'] });
    const commands = () =>
      container.processes().map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0]);
    return eventually(() => expect(commands()).toEqual(expect.arrayContaining(['sh', 'sleep'])));
  });

  test('it is killed where it uses more memory than it may', async () => {
    const args = ['sh', '-c', 'head -c 60000000 /dev/zero | tail -c 50000000 >/dev/null'];
    expect(await start({ args }).ended()).toBe(0);
    expect(await start({ args, memory: 16 * 2 ** 20 }).ended()).toBe(137);
  });

  test('one that cannot be started says why and leaves nothing', () => {
    const before = traces();
    expect(() => start({ args: ['/no/such/program'] })).toThrow(
      /the container pod does not start: .*\/no\/such\/program/s,
    );
    expect(traces()).toEqual(before);
  });

  test('starts in less than 300 ms', () => {
    const times = Array.from({ length: 5 }, () => {
      const begin = performance.now();
      start();
      return performance.now() - begin;
    });
    expect(Math.min(...times)).toBeLessThan(300);
  });

  test('removed, nothing is left of it', async () => {
    const container = start();
    const pids = container.processes();
    expect(pids).toHaveLength(1);
    expect(traces(container.id).length).toBeGreaterThan(1);
    container.remove();
    expect(await container.ended()).toBe(137);
    expect(traces(container.id)).toEqual([]);
    expect(existsSync(`/proc/${pids[0]}`)).toBe(false);
  });

  test('what a killed run left behind goes when the next one starts, and no sooner', () => {
    const code = (end: string) => `
      import { startContainer } from '${fileURLToPath(new URL('image/container.ts', import.meta.url))}';
      const spec = ${JSON.stringify({ name: 'orphan', rootfs, networkNamespace: namespace, args: SLEEP, security: SECURITY })};
      process.stdout.write(startContainer(spec).id, () => ${end});
    `;
    const running = start();
    const orphan = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', code("process.kill(process.pid, 'SIGKILL')")],
      { encoding: 'utf8' },
    );
    expect(orphan).toMatchObject({ signal: 'SIGKILL', stdout: expect.stringMatching(/^gwd-\d+-0$/) });
    expect(traces(orphan.stdout).length).toBeGreaterThan(1);
    const next = execFileSync(process.execPath, ['--input-type=module', '-e', code('process.exit()')], {
      encoding: 'utf8',
    });
    expect(traces(orphan.stdout)).toEqual([]);
    expect(traces(next)).toEqual([]);
    expect(running.exec(['true']).status).toBe(0);
  });
});

/** What there is on the machine of containers whose id begins so: files, control groups, mounts. */
function traces(id = `gwd-${process.pid}-`): readonly string[] {
  const found = ['/sys/fs/cgroup', '/tmp', '/run/gateway-network-fn-containers'].filter(existsSync);
  const files = spawnSync('find', [...found, '-name', `${id}*`, '-prune'], { encoding: 'utf8' }).stdout;
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes(id));
  return [...files.split('\n').filter((line) => line !== ''), ...mounts];
}
