import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import type { V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run } from '../agent/namespace.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { type Image, machineImage } from './bed/image.ts';
import { nodeOf, untilReady } from './bed/installation.ts';
import { type Manifests, render } from './bed/manifests.ts';
import { type Pod, startPod } from './bed/pod.ts';
import { describeDatapath } from './bed/requirements.ts';

const OBJECTS = `
apiVersion: v1
kind: Secret
metadata: { name: keys, namespace: apps }
data: { coded: c2VjcmV0 }
stringData: { PLAIN: text }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: config, namespace: apps }
data: { a: one, b: two }
`;
const SLEEP = ['sleep', 'infinity'];
const TUN = { name: 'tun', hostPath: { path: '/dev/net/tun', type: 'CharDevice' } };
const TUN_MOUNT = { name: 'tun', mountPath: '/dev/net/tun' };
const NET_ADMIN = { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } };
const TRACE = { name: 'trace', hostPath: { path: '/trace', type: 'DirectoryOrCreate' } };

/** A container that notes in a file of the node when it is told to end, and ends then. */
function tracing(name: string, ending = 'exit 0') {
  const script = `trap "echo ${name} told >>/trace/log; ${ending}" TERM; echo up; while :; do sleep 0.02; done`;
  return { name, command: ['sh', '-c', script], volumeMounts: [{ name: 'trace', mountPath: '/trace' }] };
}

function preStop(command: string) {
  return { lifecycle: { preStop: { exec: { command: ['sh', '-c', command] } } } };
}

describeDatapath('a pod of the test bed', () => {
  let cluster: Cluster;
  let manifests: Manifests;
  const images: Record<string, Image> = {};
  beforeAll(() => {
    cluster = createCluster({ nodes: 1, images });
    images['example.com/tools:1'] = machineImage(cluster.directory, ['busybox']);
    manifests = render(`${example('multi-node')}---${OBJECTS}`);
  });
  afterAll(() => cluster[Symbol.dispose]());

  function start(spec: V1PodSpec): Pod {
    const template: V1PodTemplateSpec = { spec: { terminationGracePeriodSeconds: 0, ...spec } };
    return startPod(cluster, manifests, { node: nodeOf(cluster, 1), namespace: 'apps', template });
  }

  /** Starts a pod that goes with the test. */
  function startForTest(spec: V1PodSpec): Pod {
    const pod = start(spec);
    onTestFinished(() => pod.remove());
    return pod;
  }

  /** What containers have noted; an empty file to begin with. */
  function trace(): () => string[] {
    const folder = `${nodeOf(cluster, 1).runtime.state}/host/trace`;
    mkdirSync(folder, { recursive: true });
    execFileSync('truncate', ['-s', '0', `${folder}/log`]);
    return () => readFileSync(`${folder}/log`, 'utf8').split('\n').slice(0, -1);
  }

  it('runs init containers to their end, one after another, and its containers share volumes', () => {
    const volumeMounts = [{ name: 'shared', mountPath: '/shared' }];
    const shell = (name: string, script: string) => ({ name, command: ['sh', '-c', script], volumeMounts });
    const pod = startForTest({
      initContainers: [shell('one', 'sleep 0.3; echo 1 >>/shared/a'), shell('two', 'echo 2 >>/shared/a')],
      containers: [
        shell('main', 'cat /shared/a; exec sleep infinity'),
        { name: 'other', command: SLEEP, volumeMounts },
      ],
      volumes: [{ name: 'shared', emptyDir: {} }],
    });
    expect(pod.exec(['cat', '/shared/a'], 'other')).toEqual({ status: 0, output: '1\n2' });
    expect(pod.processes()).toHaveLength(2);
    expect(pod.log('main')).toBe('1\n2\n');
  });

  it('does not start when an init container fails, says why, and leaves nothing', () => {
    const namespaces = () => execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' }).split('\n').toSorted();
    const before = namespaces();
    const fail = { name: 'setup', command: ['sh', '-c', 'echo no route >&2; exit 3'] };
    expect(() => start({ initContainers: [fail], containers: [{ name: 'main', command: SLEEP }] })).toThrow(
      'the init container setup ended with 3: no route',
    );
    expect(namespaces()).toEqual(before);
  });

  it('starts a sidecar before its containers, waits for it, and ends it after them', async () => {
    const lines = trace();
    const sidecar = {
      ...tracing('sidecar'),
      restartPolicy: 'Always',
      startupProbe: { exec: { command: ['sh', '-c', 'echo asked >>/trace/log; [ $(wc -l </trace/log) -ge 3 ]'] } },
    };
    const pod = start({
      terminationGracePeriodSeconds: 10,
      initContainers: [sidecar],
      containers: [tracing('main', 'sleep 0.3; echo main gone >>/trace/log; exit 0')],
      volumes: [TRACE],
    });
    await eventually(() => expect(pod.log()).toBe('up\nup\n'));
    await pod.remove();
    expect(lines()).toEqual(['asked', 'asked', 'asked', 'main told', 'main gone', 'sidecar told']);
  });

  it('gives each container its environment and its files', () => {
    const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
    const pod = startForTest({
      containers: [
        {
          name: 'main',
          command: SLEEP,
          envFrom: [{ secretRef: { name: 'keys' } }],
          env: [
            field('IP', 'status.podIP'),
            field('IPS', 'status.podIPs'),
            field('NAME', 'metadata.name'),
            field('SPACE', 'metadata.namespace'),
            field('NODE', 'spec.nodeName'),
            field('HOST', 'status.hostIP'),
            { name: 'KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'coded' } } },
          ],
          volumeMounts: [
            { name: 'config', mountPath: '/config', readOnly: true },
            { name: 'keys', mountPath: '/keys' },
            { name: 'keys', mountPath: '/one', subPath: 'coded' },
          ],
        },
        { name: 'other', command: SLEEP },
      ],
      volumes: [
        { name: 'config', configMap: { name: 'config', items: [{ key: 'b', path: 'deep/file', mode: 0o755 }] } },
        { name: 'keys', secret: { secretName: 'keys', defaultMode: 0o400 } },
      ],
    });
    const [IPv4, IPv6] = pod.sandbox?.addresses ?? [];
    const read = (script: string) => pod.exec(['sh', '-c', script]).output;
    expect(read('echo $IP $IPS $NAME $SPACE $NODE $HOST $KEY $PLAIN')).toBe(
      `${IPv4} ${IPv4},${IPv6} ${pod.name} apps node1 172.18.0.11 secret text`,
    );
    expect(pod.exec(['sh', '-c', 'echo $KEY$PLAIN'], 'other').output).toBe('');
    expect(read('find -L /config/* /keys/* /one -type f -printf "%p %m " -exec cat {} \\; -printf "\\n" | sort')).toBe(
      '/config/deep/file 755 two\n/keys/PLAIN 400 text\n/keys/coded 400 secret\n/one 400 secret',
    );
    expect(() =>
      start({ containers: [{ name: 'x', command: SLEEP, envFrom: [{ secretRef: { name: 'none' } }] }] }),
    ).toThrow('there is no Secret apps/none');
  });

  it('gives each container its own rights: a tunnel needs NET_ADMIN and the device', () => {
    const pod = startForTest({
      containers: [
        { name: 'able', command: SLEEP, securityContext: NET_ADMIN, volumeMounts: [TUN_MOUNT] },
        {
          name: 'unable',
          command: SLEEP,
          securityContext: { capabilities: { drop: ['ALL'] } },
          volumeMounts: [TUN_MOUNT],
        },
        { name: 'without', command: SLEEP, securityContext: NET_ADMIN },
      ],
      volumes: [TUN],
    });
    const add = (container: string) => pod.exec(['ip', 'tuntap', 'add', 'tun7', 'mode', 'tun'], container);
    expect(add('unable').output).toContain('Operation not permitted');
    expect(add('without').output).toContain('No such file');
    expect(add('able')).toEqual({ status: 0, output: '' });
    expect(run(pod.namespace, 'ip -o link show tun7')).toContain('tun7');
    expect(statSync('/dev/net/tun').isCharacterDevice()).toBe(true);
  });

  it("runs a user's image by its entry point and arguments", async () => {
    const pod = startForTest({ containers: [{ name: 'main', image: 'example.com/tools:1', args: ['--help'] }] });
    await eventually(() => expect(pod.log()).toMatch(/^BusyBox v1\./));
  });

  it('is ready when all of its containers are, which end and start one by one', async () => {
    const ready = { readinessProbe: { exec: { command: ['sh', '-c', 'test -e /tmp/ready && echo is ready'] } } };
    const pod = startForTest({
      containers: [
        { name: 'one', command: SLEEP },
        { name: 'other', command: SLEEP, ...ready },
      ],
    });
    expect(pod.probe('one')).toEqual({ status: 0, output: 'ready' });
    expect(pod.probe()).toMatchObject({ status: 1 });
    expect(pod.exec(['touch', '/tmp/ready'], 'other').status).toBe(0);
    expect(pod.probe()).toEqual({ status: 0, output: 'ready\nis ready' });
    await untilReady([pod]);
    await pod.kill('SIGKILL', 'one');
    expect(pod.probe('one')).toEqual({ status: 1, output: 'one has ended' });
    expect(pod.probe()).toMatchObject({ status: 1 });
    expect(pod.probe('other').status).toBe(0);
    pod.restart('one');
    expect(pod.probe().status).toBe(0);
    expect(() => pod.probe('none')).toThrow('has no container none');
  });

  it('is told by SIGTERM, and not by a crash', async () => {
    const lines = trace();
    const containers = [tracing('one'), tracing('other')];
    const pod = startForTest({ containers, volumes: [TRACE] });
    await eventually(() => expect(pod.log()).toBe('up\nup\n'));
    await pod.crash();
    expect(pod.processes()).toEqual([]);
    expect(lines()).toEqual([]);
    pod.restart();
    await eventually(() => expect(pod.log()).toBe('up\nup\n'));
    await pod.kill('SIGTERM');
    expect(lines().toSorted()).toEqual(['one told', 'other told']);
  });

  it('runs the hooks of all containers at once before they are told, and kills those that stay', async () => {
    const lines = trace();
    const hook = preStop('sleep 0.7; echo hook >>/trace/log');
    const pod = start({
      terminationGracePeriodSeconds: 3,
      containers: [{ ...tracing('one'), ...hook }, { ...tracing('other'), ...hook }, tracing('stubborn', ':')],
      volumes: [TRACE],
    });
    await eventually(() => expect(pod.log()).toBe('up\nup\nup\n'));
    const pids = pod.processes();
    const begin = performance.now();
    await pod.remove();
    const took = performance.now() - begin;
    expect(lines()).toEqual([
      'stubborn told',
      'hook',
      'hook',
      expect.stringMatching('one|other'),
      expect.stringMatching('one|other'),
    ]);
    expect(took).toBeGreaterThan(2900);
    expect(took).toBeLessThan(9500);
    expect(pids.filter((pid) => statSync(`/proc/${pid}`, { throwIfNoEntry: false }))).toEqual([]);
  });
});
