import { groupOf } from '../api/workload-kinds.ts';
import { isLocalConfig } from '../krm/annotations.ts';
import { refOf } from '../krm/identity.ts';
import type { Input } from '../krm/input.ts';
import { annotationsOf, fileOf, identityOf } from '../krm/item.ts';
import type { Problem } from '../krm/problem.ts';

const BUILD =
  'is not built here, and skipping it would change what is applied: build it and pass the result, as in `kustomize build DIR | gateway-network-fn render -`';

/** Kinds that tools read from files, and no cluster has, by group and name, and what to do about them. */
const KINDS: Readonly<Record<string, string>> = {
  'kustomize.config.k8s.io/Kustomization': BUILD,
  'kustomize.config.k8s.io/Component': BUILD,
  'kpt.dev/Kptfile':
    'is for kpt, and kubectl would reject it: remove it, or annotate it `config.kubernetes.io/local-config: "true"`',
};

/**
 * What would be printed as it came, and refused by kubectl, or never be built. In a ResourceList
 * it is the business of the
 * orchestrator, which hands over all files of a package.
 */
export function localKinds({ items, format }: Input): readonly Problem[] {
  if (format === 'ResourceList') return [];
  return items.flatMap((item): readonly Problem[] => {
    const identity = identityOf(item);
    const remedy = identity && KINDS[`${groupOf(identity.apiVersion)}/${identity.kind}`];
    if (identity === undefined || remedy === undefined || isLocalConfig(annotationsOf(item))) return [];
    const file = fileOf(item);
    const message = `a ${identity.kind} of ${identity.apiVersion} ${remedy}`;
    return [{ code: 'Unsupported', severity: 'error', message, ref: refOf(identity), ...(file && { file }) }];
  });
}
