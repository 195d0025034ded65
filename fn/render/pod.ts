import type {
  V1Container,
  V1PodSpec,
  V1Probe,
  V1SecurityContext,
  V1Volume,
  V1VolumeMount,
} from '@kubernetes/client-node';
import type { NetworkPlan, Placement, Resources } from '../plan/network-plan.ts';
import { CONFIG_DIR } from './config-map.ts';

/** The only directory that the programs write to. */
const STATE_DIR = '/run/gateway-network';

/** Root, because a capability is lost to any other user; of its powers only the one over the pod's (or node's) network is left. */
const SECURITY = {
  runAsUser: 0,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
  seccompProfile: { type: 'RuntimeDefault' },
} satisfies V1SecurityContext;

/** A program of the node image: its script in the ConfigMap, and what it reads from its environment. */
export interface Program {
  readonly container: string;
  readonly script: string;
  readonly configMap: string;
  readonly resources: Resources;
  readonly env: NonNullable<V1Container['env']>;
  /** Capabilities besides the one over the network. */
  readonly capabilities?: readonly string[];
  readonly hostPaths?: readonly HostPath[];
}

/** Something of the node that a program writes to; made where it is missing. */
export interface HostPath {
  readonly volume: string;
  readonly type: 'DirectoryOrCreate' | 'FileOrCreate';
  readonly path: string;
  readonly mountPath: string;
}

/** What every pod of ours has in common: one container, no token, no way to gain a privilege. */
export function podSpec(plan: NetworkPlan, serviceAccount: string, program: Program): V1PodSpec {
  return {
    serviceAccountName: serviceAccount,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...(plan.pullSecrets.length > 0 && { imagePullSecrets: plan.pullSecrets.map((name) => ({ name })) }),
    containers: [container(plan, program)],
    volumes: volumes(program),
  };
}

function container(plan: NetworkPlan, program: Program): V1Container {
  const { container: name, script, resources, env } = program;
  const command = ['/bin/sh', `${CONFIG_DIR}/${script}`];
  return {
    name,
    image: plan.image,
    command: [...command, 'run'],
    ...(env.length > 0 && { env }),
    readinessProbe: probe([...command, 'ready'], { periodSeconds: 5 }),
    livenessProbe: probe([...command, 'alive'], { periodSeconds: 30, failureThreshold: 4 }),
    resources: quantities(resources),
    securityContext: security(program),
    volumeMounts: mounts(program),
  };
}

function security({ capabilities = [] }: Program): V1SecurityContext {
  const { drop, add } = SECURITY.capabilities;
  return { ...SECURITY, capabilities: { drop, add: [...add, ...capabilities] } };
}

function probe(command: string[], timing: Partial<V1Probe>): V1Probe {
  return { exec: { command }, timeoutSeconds: 5, ...timing };
}

function quantities({ requests, limits }: Resources): NonNullable<V1Container['resources']> {
  return {
    ...(Object.keys(requests).length > 0 && { requests }),
    ...(Object.keys(limits).length > 0 && { limits }),
  };
}

function mounts({ hostPaths = [] }: Program): V1VolumeMount[] {
  return [
    { name: 'config', mountPath: CONFIG_DIR, readOnly: true },
    { name: 'state', mountPath: STATE_DIR },
    ...hostPaths.map(({ volume, mountPath }) => ({ name: volume, mountPath })),
  ];
}

function volumes({ configMap, hostPaths = [] }: Program): V1Volume[] {
  return [
    { name: 'config', configMap: { name: configMap } },
    { name: 'state', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
    ...hostPaths.map(({ volume, path, type }) => ({ name: volume, hostPath: { path, type } })),
  ];
}

/** Where the scheduler may put a pod; absent parts stay absent. */
export function scheduling({ nodeLabels, nodeExpressions, tolerations }: Placement): Partial<V1PodSpec> {
  return {
    ...(Object.keys(nodeLabels).length > 0 && { nodeSelector: nodeLabels }),
    ...(nodeExpressions.length > 0 && { affinity: { nodeAffinity: required(nodeExpressions) } }),
    ...(tolerations.length > 0 && { tolerations: [...tolerations] }),
  };
}

function required(expressions: Placement['nodeExpressions']) {
  const matchExpressions = expressions.map(({ key, operator, values }) => ({
    key,
    operator,
    ...(values.length > 0 && { values: [...values] }),
  }));
  return { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } };
}
