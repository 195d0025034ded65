import type {
  V1Affinity,
  V1Container,
  V1PodAntiAffinity,
  V1PodSpec,
  V1Probe,
  V1SecurityContext,
  V1Volume,
  V1VolumeMount,
} from '@kubernetes/client-node';
import type { NetworkPlan, Nodes, Resources } from '../plan/network-plan.ts';
import { CONFIG_DIR } from './config-map.ts';
import { labelRequirements } from './label-selector.ts';

/** The only directory that the programs write to; all containers of a pod share it. */
export const STATE_DIR = '/run/gateway-network';

/** Root, because other users have no capabilities; all are dropped except those that a program needs. */
const SECURITY = {
  runAsUser: 0,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'], add: [] },
  seccompProfile: { type: 'RuntimeDefault' },
} satisfies V1SecurityContext;

/** A program of the node image, and what it reads from its environment. */
export interface Program {
  readonly container: string;
  /** The command line that a verb completes. */
  readonly command: readonly string[];
  readonly resources: Resources;
  readonly env: NonNullable<V1Container['env']>;
  /** Capabilities; NET_ADMIN by default. */
  readonly capabilities?: readonly string[];
  readonly mounts?: readonly Mount[];
  /** The command that runs before SIGTERM. */
  readonly preStop?: readonly string[];
}

/** A volume of one program's own. */
export interface Mount {
  readonly volume: V1Volume;
  readonly mountPath: string;
  readonly readOnly?: boolean;
}

/** The programs of a pod, and the containers of the user. */
export interface Pod {
  readonly serviceAccount: string;
  /** Holds the scripts of all programs and what they read. */
  readonly configMap: string;
  /** Runs to its end before the others start. */
  readonly init?: Program & { readonly verb: string };
  readonly programs: readonly Program[];
  readonly foreign?: { readonly containers: readonly V1Container[]; readonly volumes: readonly V1Volume[] };
}

/** A pod of our programs: no privilege escalation. */
export function podSpec(plan: NetworkPlan, pod: Pod): V1PodSpec {
  const { serviceAccount, init, programs, foreign = { containers: [], volumes: [] } } = pod;
  return {
    ...commonSpec(plan, serviceAccount),
    ...(init && { initContainers: [container(plan, init, init.verb)] }),
    containers: [
      ...programs.map((program) => container(plan, program, 'run', service(program))),
      ...foreign.containers,
    ],
    volumes: [...volumes(pod), ...foreign.volumes],
  };
}

/** What every pod of ours has: no token, and what its image is pulled by. */
export function commonSpec({ pullSecrets }: NetworkPlan, serviceAccount: string) {
  return {
    serviceAccountName: serviceAccount,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...(pullSecrets.length > 0 && { imagePullSecrets: pullSecrets.map((name) => ({ name })) }),
  };
}

function container(plan: NetworkPlan, program: Program, verb: string, more: Partial<V1Container> = {}): V1Container {
  const { container: name, resources, env, capabilities = ['NET_ADMIN'] } = program;
  return {
    name,
    image: plan.image,
    command: [...program.command, verb],
    ...(env.length > 0 && { env }),
    ...more,
    resources: quantities(resources),
    securityContext: { ...SECURITY, capabilities: { drop: SECURITY.capabilities.drop, add: [...capabilities] } },
    volumeMounts: mounts(program),
  };
}

/** The probes and hooks of a container that keeps running. */
function service(program: Program): Partial<V1Container> {
  const { command, preStop } = program;
  return {
    readinessProbe: probe([...command, 'ready', '--wait=10'], { periodSeconds: 20, failureThreshold: 1 }),
    livenessProbe: probe([...command, 'alive'], { periodSeconds: 60, failureThreshold: 2 }),
    ...(preStop && { lifecycle: { preStop: { exec: { command: [...preStop] } } } }),
  };
}

/** The command line of a program of the node image. */
export function programCommand(name: string): readonly string[] {
  return ['gateway-network', name];
}

/** To run a command in a container takes some 20 ms of processor time, whatever it does: it is done seldom. */
function probe(command: string[], timing: Partial<V1Probe>): V1Probe {
  return { exec: { command }, timeoutSeconds: 15, ...timing };
}

export function quantities({ requests, limits }: Resources): NonNullable<V1Container['resources']> {
  return {
    ...(Object.keys(requests).length > 0 && { requests }),
    ...(Object.keys(limits).length > 0 && { limits }),
  };
}

function mounts({ mounts: own = [] }: Program): V1VolumeMount[] {
  return [
    { name: 'config', mountPath: CONFIG_DIR, readOnly: true },
    { name: 'state', mountPath: STATE_DIR },
    ...own.map(({ volume, mountPath, readOnly }) => ({ name: volume.name, mountPath, ...(readOnly && { readOnly }) })),
  ];
}

function volumes({ configMap, init, programs }: Pod): V1Volume[] {
  const own = [...(init ? [init] : []), ...programs].flatMap((program) => program.mounts ?? []);
  return [
    { name: 'config', configMap: { name: configMap } },
    { name: 'state', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
    ...own.map(({ volume }) => volume),
  ];
}

/** Priority, placement and anti-affinity of a pod; absent parts stay absent. */
export function scheduling(
  { labels, expressions, tolerations, priorityClass }: Nodes,
  apartFrom?: Readonly<Record<string, string>>,
): Partial<V1PodSpec> {
  const affinity: V1Affinity = {
    ...(expressions.length > 0 && { nodeAffinity: required(expressions) }),
    ...(apartFrom && { podAntiAffinity: apart(apartFrom) }),
  };
  return {
    ...(priorityClass !== '' && { priorityClassName: priorityClass }),
    ...(Object.keys(labels).length > 0 && { nodeSelector: labels }),
    ...(Object.keys(affinity).length > 0 && { affinity }),
    ...(tolerations.length > 0 && { tolerations: [...tolerations] }),
  };
}

function required(expressions: Nodes['expressions']) {
  const matchExpressions = labelRequirements(expressions);
  return { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } };
}

function apart(matchLabels: Readonly<Record<string, string>>): V1PodAntiAffinity {
  return {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { labelSelector: { matchLabels }, topologyKey: 'kubernetes.io/hostname' },
    ],
  };
}
