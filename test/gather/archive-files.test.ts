import { expect, test } from 'vitest';
import type { V1Pod } from '@kubernetes/client-node';
import type { Observation } from '../../fn/cluster/observation.ts';
import type { Surroundings } from '../../fn/cluster/surroundings.ts';
import { archiveFiles } from '../../fn/gather/archive-files.ts';
import { stateLines } from '../../fn/gather/words.ts';
import { isFields } from '../../fn/yaml/fields.ts';
import { eventOf, healthy, NETWORK, NOW } from '../status/healthy.ts';

const SECRET = 'PLANTED';
const TIME = '2026-01-01T00:00:00.000000001Z';

/** Names, times and the like, of which an archive is made, and which are no place for a secret. */
const KEPT =
  /^(?:apiVersion|kind|namespace|name|uid|image|imageID|nodeName|type|status|phase|reason|creationTimestamp|lastTimestamp|app\.kubernetes\.io\/.*|gatewaynetwork\.dev\/.*|k8s\.v1\.cni\.cncf\.io\/.*|fieldPath|config\.json|rules\.nft|pod|text|container|gitVersion|kernelVersion|osImage|kubeletVersion)$/;

/** A secret in each place of a value: in every text that is no name, and in a field more of every object. */
function planted(value: unknown, key = ''): unknown {
  if (value instanceof Date) return value;
  if (Array.isArray(value)) return [...value.map((inner) => planted(inner, key)), ...(key === 'args' ? [SECRET] : [])];
  if (isFields(value)) {
    const inner = Object.entries(value).map(([name, one]) => [name, planted(one, name)] as const);
    return { ...Object.fromEntries(inner), [`x-${SECRET}`]: SECRET };
  }
  return typeof value === 'string' && !KEPT.test(key) ? `${SECRET} ${value}` : value;
}

/** What people and programs put into a cluster beside what we render. */
function withForeignThings(observation: Observation): Observation {
  const metadata = {
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': SECRET,
      'vault.example.com/token': SECRET,
      'k8s.v1.cni.cncf.io/networks': `[{"name": "vpn", "namespace": "egress", "cni-args": {"token": "${SECRET}"}}]`,
      'k8s.v1.cni.cncf.io/network-status': `[{"name": "egress/vpn", "interface": "net1", "ips": ["192.168.50.9"], "dns": {"domain": "${SECRET}"}}, {"name": "${SECRET}", "ips": ["${SECRET}"]}]`,
      'gatewaynetwork.dev/client-of': `${SECRET} egress/vpn`,
    },
    managedFields: [{ manager: SECRET, fieldsV1: { 'f:data': { [SECRET]: {} } } }],
  };
  const vpn = {
    name: 'vpn',
    image: 'vpn:1.0',
    command: [SECRET],
    args: [`--key=${SECRET}`],
    env: [{ name: 'KEY', value: SECRET }],
    envFrom: [{ secretRef: { name: SECRET } }],
    lifecycle: { preStop: { exec: { command: [SECRET] } } },
  };
  const statuses = ['vpn', 'router', 'wireguard'].map((name) => ({
    name,
    image: 'a',
    imageID: 'a',
    ready: false,
    restartCount: 3,
    state: { waiting: { reason: 'CrashLoopBackOff', message: SECRET } },
    lastState: { terminated: { exitCode: 1, reason: 'Error', message: `not ready: '${SECRET}'\n${SECRET}` } },
  }));
  const changed = (pod: V1Pod): V1Pod => ({
    ...pod,
    metadata: {
      ...pod.metadata,
      ...metadata,
      annotations: { ...pod.metadata?.annotations, ...metadata.annotations },
    },
    spec: {
      ...pod.spec,
      containers: [...(pod.spec?.containers ?? []), vpn],
      volumes: [...(pod.spec?.volumes ?? []), { name: 'key', secret: { secretName: SECRET } }],
    },
    status: { ...pod.status, containerStatuses: statuses, message: SECRET },
  });
  const [first] = observation.pods;
  const events = first
    ? [
        eventOf(first, 'Unhealthy', `Readiness probe failed: ${SECRET}`),
        eventOf(first, 'Unhealthy', `Readiness probe failed: not ready: ${SECRET} of a container of others`),
        eventOf(first, 'FailedCreatePodSandBox', `plugin failed: ${SECRET}`),
      ]
    : [];
  return {
    ...observation,
    configMaps: observation.configMaps.map((one) => ({ ...one, data: { ...one.data, token: SECRET } })),
    pods: observation.pods.map(changed),
    running: observation.running.map(({ metadata: own }) => ({ metadata: { ...own, ...metadata } })),
    pending: observation.pods.slice(0, 1).map(changed),
    events,
    logs: observation.logs.map((log) => ({ ...log, text: `${log.text}\n${SECRET}\nready '${SECRET}'` })),
  };
}

const LOG = [
  `${TIME} ready; this router has the gateway's addresses`,
  `${TIME} not ready: the file '${SECRET}' cannot be read: "${SECRET}"`,
  `${TIME} PrivateKey = ${SECRET}`,
  `${TIME} not ready to be told: ${SECRET}`,
  `${SECRET} ready`,
].join('\n');

function surroundingsOf({ pods }: Observation): Surroundings {
  const [{ metadata: { namespace = '', name = '' } = {} } = {}] = pods;
  const nodeInfo = { kernelVersion: '6.1', kubeletVersion: 'v1.34.4', osImage: 'Debian', machineID: SECRET };
  return {
    kubernetes: 'v1.34.4',
    nodes: [{ metadata: { name: 'node1', labels: { [SECRET]: SECRET } }, status: { nodeInfo } } as never],
    logs: ['router', 'wireguard', 'vpn', 'keepalived'].map((container) => ({
      namespace,
      pod: name,
      container,
      text: LOG,
    })),
  };
}

test.each(['multi-node', 'ha-vrrp', 'vpn-gluetun', 'vpn-wireguard', 'admission'])(
  'nothing that is planted around examples/%s is in the archive',
  (name) => {
    const seeded = withForeignThings(planted(healthy(name)) as Observation);
    const surroundings = planted(surroundingsOf(seeded)) as Surroundings;
    const files = archiveFiles([NETWORK], seeded, { ...surroundings, kubernetes: 'v1.34.4' }, NOW);
    const leaks = [...files].filter(([path, text]) => `${path}\n${text}`.includes(SECRET));
    expect(leaks).toEqual([]);
    // It was planted, and the files are there.
    expect(JSON.stringify(seeded).split(SECRET).length).toBeGreaterThan(100);
    expect([...files.keys()]).toContain('egress.vpn/objects.json');
  },
);

test('an archive of a network that is well has its status, its configuration and its logs', () => {
  const observation = healthy('ha-vrrp');
  const files = archiveFiles([NETWORK], observation, surroundingsOf(observation), NOW);
  const [router] = observation.pods;
  expect([...files.keys()].map((path) => path.replace(/-[0-9a-f]{8}\//, '-HASH/'))).toEqual([
    'README.txt',
    'versions.json',
    'egress.vpn/status.txt',
    'egress.vpn/status.json',
    'egress.vpn/objects.json',
    'egress.vpn/config/vpn-node-agent-HASH/config.json',
    'egress.vpn/config/vpn-node-agent-HASH/rules.nft',
    'egress.vpn/config/vpn-router-HASH/config.json',
    'egress.vpn/config/vpn-router-HASH/rules.nft',
    ...['router', 'wireguard', 'vpn', 'keepalived'].map(
      (name) => `egress.vpn/logs/${router?.metadata?.name}.${name}.txt`,
    ),
  ]);
  expect(files.get('egress.vpn/status.txt')).toMatch(/^egress\/vpn: all is well\n/);
  expect(files.get('egress.vpn/status.txt')).toContain('active for 57 min, ready');
  expect(files.get('versions.json')).toContain('"kubeletVersion": "v1.34.4"');
  expect(JSON.parse(files.get('egress.vpn/objects.json') ?? '')).toMatchObject({
    daemonSets: [{ metadata: { name: 'vpn-node-agent' }, status: { numberReady: expect.any(Number) } }],
    pods: expect.arrayContaining([expect.objectContaining({ spec: expect.objectContaining({ nodeName: 'node1' }) })]),
  });
});

test('what a probe of ours has printed is told, without what it quotes', () => {
  const observation = healthy();
  const [agent] = observation.pods;
  const pods = observation.pods.map((pod) =>
    pod === agent ? { ...pod, status: { conditions: [{ type: 'Ready', status: 'False' }] } } : pod,
  );
  const event = eventOf(
    agent ?? {},
    'Unhealthy',
    "Readiness probe failed: not ready: the underlay 'eth0' has MTU 1400 (configuration 84a777557a135c3d)",
  );
  const involvedObject = { ...event.involvedObject, fieldPath: 'spec.containers{node-agent}' };
  const seen = { ...observation, pods, events: [{ ...event, involvedObject }] };
  const status = archiveFiles([NETWORK], seen, { logs: [] }, NOW).get('egress.vpn/status.txt');
  expect(status).toContain("not ready: the underlay '...' has MTU 1400");
});

test.each([
  ['router', `${TIME} ready; this router has the gateway's addresses\n`],
  ['router', `${TIME} not ready: waiting for net1\n`],
  ['node-agent', `${TIME} not ready: no peers\n`],
])('of %s, the line %j is kept', (container, line) => expect(stateLines(container, line)).toBe(line));

test.each([
  ['vpn', `${TIME} ready\n`, ''],
  ['router', `${TIME} token=${SECRET}\n`, ''],
  ['router', 'ready\n', ''],
  ['wireguard', `${TIME} not ready: PrivateKey ${SECRET}\n`, `${TIME} not ready\n`],
])('of %s, of the line %j is kept %j', (container, line, kept) => expect(stateLines(container, line)).toBe(kept));
