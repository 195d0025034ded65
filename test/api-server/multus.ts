import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Namespace } from '../agent/namespace.ts';
import { createNamespace } from '../datapath/bed/namespace.ts';
import { primaryConfig } from '../datapath/bed/primary-network.ts';
import type { ApiServer } from './api-server.ts';

/** A node whose CNI plugin is Multus. It reaches the API server on its own loopback, and nothing else. */
export interface MultusNode extends Disposable {
  readonly namespace: Namespace;
  /** Attaches a pod of the API server, or detaches it. Throws what Multus says where it refuses. */
  readonly call: (command: 'ADD' | 'DEL', pod: PodSandbox) => void;
  /** The folder where libcni keeps what the plugins have answered. */
  readonly results: string;
}

export interface PodSandbox {
  readonly namespace: string;
  readonly name: string;
  readonly sandbox: Namespace;
}

/** $0 is what the plugins see as /var/lib, $1 what they find in /etc before the machine's own. */
const EXECUTE = 'mount --bind "$0" /var/lib && mount -t overlay overlay -o "lowerdir=$1:/etc" /etc && exec "$2"';
const FORWARD = join(import.meta.dirname, 'forward.ts');

/** The folders have Multus and whereabouts, and the plugins that they call. */
export async function startMultusNode(
  server: ApiServer,
  folders: readonly string[],
  options: Readonly<Record<string, unknown>> = {},
): Promise<MultusNode> {
  const directory = mkdtempSync(join(tmpdir(), 'gwn-multus-'));
  const namespace = createNamespace();
  const [state, etc, socket] = ['lib', 'etc', 'api-server'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(state);
  mkdirSync(join(etc, 'cni/net.d/whereabouts.d'), { recursive: true });
  const whereabouts = { kubernetes: { kubeconfig: server.kubeconfig }, log_level: 'error' };
  writeFileSync(join(etc, 'cni/net.d/whereabouts.d/whereabouts.conf'), JSON.stringify(whereabouts));
  const { port } = new URL(server.url);
  const forwarders = [
    spawn(process.execPath, [FORWARD, socket, port]),
    spawn('ip', ['netns', 'exec', namespace, process.execPath, FORWARD, port, socket]),
  ];
  for (const { stdout } of forwarders) await once(stdout, 'data');
  const config = {
    cniVersion: '1.0.0',
    name: 'multus',
    type: 'multus',
    kubeconfig: server.kubeconfig,
    delegates: [primaryConfig(1, 1500)],
    ...options,
  };
  return {
    namespace,
    results: join(state, 'cni/multus/results'),
    call: (command, pod) => {
      const { status, stdout, stderr } = spawnSync(
        'ip',
        ['netns', 'exec', namespace, 'sh', '-c', EXECUTE, state, etc, `${folders[0]}/multus`],
        {
          encoding: 'utf8',
          input: JSON.stringify(config),
          env: {
            PATH: process.env['PATH'],
            CNI_COMMAND: command,
            CNI_CONTAINERID: pod.sandbox,
            CNI_NETNS: `/run/netns/${pod.sandbox}`,
            CNI_IFNAME: 'eth0',
            CNI_ARGS: `IgnoreUnknown=1;K8S_POD_NAMESPACE=${pod.namespace};K8S_POD_NAME=${pod.name};K8S_POD_INFRA_CONTAINER_ID=${pod.sandbox}`,
            CNI_PATH: folders.join(':'),
          },
        },
      );
      if (status !== 0) throw new Error(`Multus ${command} of ${pod.namespace}/${pod.name}: ${stdout}${stderr}`);
    },
    [Symbol.dispose]: () => {
      for (const forwarder of forwarders) forwarder.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
