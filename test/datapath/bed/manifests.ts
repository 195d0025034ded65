import type {
  V1ConfigMap,
  V1DaemonSet,
  V1Deployment,
  V1PodDisruptionBudget,
  V1Secret,
  V1Service,
} from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { expand } from '../../../fn/index.ts';
import type { Definition } from './multus.ts';

/** Everything that a GatewayNetwork is rendered to, and the workloads and Secrets that came with it. */
export interface Manifests {
  readonly configMaps: readonly V1ConfigMap[];
  readonly daemonSets: readonly V1DaemonSet[];
  readonly deployments: readonly V1Deployment[];
  readonly services: readonly V1Service[];
  readonly secrets: readonly V1Secret[];
  readonly podDisruptionBudgets: readonly V1PodDisruptionBudget[];
  readonly definitions: readonly Definition[];
}

/** Runs the function over YAML documents. */
export function render(source: string): Manifests {
  const { text, problems } = expand(source);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  const objects = parseAllDocuments(text).map((document) => document.toJS() as { kind: string });
  const ofKind = <T>(kind: string) => objects.filter((object) => object.kind === kind) as T[];
  return {
    configMaps: ofKind('ConfigMap'),
    daemonSets: ofKind('DaemonSet'),
    deployments: ofKind('Deployment'),
    services: ofKind('Service'),
    secrets: ofKind('Secret'),
    podDisruptionBudgets: ofKind('PodDisruptionBudget'),
    definitions: ofKind('NetworkAttachmentDefinition'),
  };
}
