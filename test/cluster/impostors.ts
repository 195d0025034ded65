import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { run } from '../agent/namespace.ts';
import { countIncoming } from '../datapath/bed/counter.ts';
import { packets, startSending, vxlan } from '../datapath/bed/datagrams.ts';
import { NETWORKS } from '../datapath/bed/multus.ts';
import { INTERNET } from '../datapath/bed/underlay.ts';
import { send } from '../datapath/frames.ts';
import { claims, MARK, PORT, VNI } from '../datapath/strangers.ts';
import { type Accident, type Scene } from './accidents.ts';
import { BUSYBOX } from './cluster-images.ts';
import { type Pod, pods } from './pods.ts';

/** A namespace that has nothing to do with the network. */
const ELSEWHERE = 'elsewhere';
const GATEWAY = '192.168.50.1';

/** What pods of another namespace do to take the place of the router. */
export const IMPOSTORS: readonly Accident[] = [
  {
    title: 'a pod of another namespace sends VXLAN to the nodes',
    happen: async (scene) => withPods(scene, { mallory: undefined }, async ([mallory]) => sendVxlan(scene, mallory)),
  },
  {
    title: "pods of another namespace ask for the router's attachment, its MAC address and its own addresses",
    happen: async (scene) => {
      const mac = await routerMac(scene);
      const asked = { mac, ips: [`${GATEWAY}/24`, `${INTERNET.IPv4}/32`] };
      const requests = {
        attachment: { name: 'vpn-router-0' },
        identity: { name: 'vpn-router-0', 'cni-args': asked },
        client: { name: 'vpn', 'cni-args': asked },
      };
      await withPods(scene, requests, async (all) => forge(scene, all, mac));
    },
  },
];

/** Starts pods that ask for attachments of the network, on the node of its first client, and takes them away again. */
async function withPods(
  { cluster, clients }: Scene,
  requests: Readonly<Record<string, object | undefined>>,
  act: (pods: readonly Pod[]) => Promise<void>,
): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ELSEWHERE } };
  const items = Object.entries(requests).map(([name, request]) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: ELSEWHERE,
      labels: { app: 'impostor' },
      ...(request && { annotations: { [NETWORKS]: JSON.stringify([{ namespace: 'egress', ...request }]) } }),
    },
    spec: {
      nodeName: clients[0]?.node.name,
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'shell', image: BUSYBOX, command: ['sleep', 'infinity'] }],
    },
  }));
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [namespace, ...items] });
  try {
    await cluster.kubectl(['apply', '-f', '-'], list);
    await cluster.kubectl(['-n', ELSEWHERE, 'wait', '--for=condition=Ready', 'pod', '--all', '--timeout=60s']);
    await act(await pods(cluster, ELSEWHERE, 'app=impostor'));
  } finally {
    await cluster.kubectl(['delete', '--ignore-not-found', 'namespace', ELSEWHERE]);
  }
}

/** Counts what arrives at the clients in the name of the router while something is sent. */
async function seenByClients({ clients }: Scene, act: () => Promise<void>): Promise<number> {
  const arrived = clients.map(({ namespace }) => countIncoming(namespace, 'net1', { matches: [`udp dport ${MARK}`] }));
  await act();
  return arrived.reduce((sum, count) => sum + count(), 0);
}

async function sendVxlan(scene: Scene, mallory: Pod | undefined): Promise<void> {
  if (mallory === undefined) throw new Error('the pod does not run');
  const { namespace } = mallory;
  const [from = ''] = mallory.addresses('eth0');
  const mac = await routerMac(scene);
  const got = countIncoming(namespace, 'eth0', { matches: [`udp dport ${PORT}`] });
  const list = scene.cluster.nodes.flatMap(({ addresses }) =>
    forged(scene, mac).flatMap((frame) =>
      packets({ from, to: addresses.IPv4, port: PORT, payload: vxlan(VNI, frame) }),
    ),
  );
  const arrived = await seenByClients(scene, async () => {
    using _ = startSending(namespace, list);
    await sleep(1000);
  });
  expect({ arrived, got: got() }).toEqual({ arrived: 0, got: 0 });
}

/** With the rights of root in the pods, which the pods themselves do not have. */
async function forge(scene: Scene, impostors: readonly Pod[], mac: string): Promise<void> {
  expect(impostors).toHaveLength(3);
  const others = [
    'ip daddr 192.168.50.0/24',
    `ip daddr ${INTERNET.IPv4}`,
    `ip6 daddr { fd00:50::/64, ${INTERNET.IPv6} }`,
  ];
  for (const { namespace } of impostors) run(namespace, 'ip link set net1 up');
  const stolen = impostors.map(({ namespace }) => countIncoming(namespace, 'net1', { matches: others }));
  const arrived = await seenByClients(scene, async () => {
    for (let round = 0; round < 20; round += 1) {
      for (const { namespace } of impostors) send(namespace, forged(scene, mac));
      await sleep(100);
    }
  });
  expect({ arrived, stolen: stolen.map((count) => count()) }).toEqual({ arrived: 0, stolen: [0, 0, 0] });
}

/** Frames of the router's for every client. */
function forged({ clients }: Scene, mac: string) {
  return clients.flatMap(({ namespace, addresses }) => claims({ namespace, networkAddresses: addresses('net1') }, mac));
}

async function routerMac({ router }: Scene): Promise<string> {
  const { namespace } = await router();
  return run(namespace, 'cat /sys/class/net/net1/address').trim();
}
