import type { Configs, KptFunc, KubernetesObject, Result } from 'kpt-functions';
import { read } from './krm/read.ts';
import { hasErrors, type Problem, type ProblemField } from './krm/problem.ts';
import { write } from './krm/write.ts';
import { run } from './run.ts';

/**
 * The function for programs written with the kpt-functions SDK: expands the GatewayNetworks among the configs or in the
 * functionConfig, replaces what it owns, and adds its results. On errors the configs stay as they are.
 */
export const gatewayNetwork: KptFunc = Object.assign(
  (configs: Configs): Promise<void> => {
    const { input, changes, problems } = run(read(resourceList(configs)));
    if (!hasErrors(problems)) {
      const { items } = JSON.parse(write(input, changes, [])) as { items: KubernetesObject[] };
      configs.deleteAll();
      configs.insert(...items);
    }
    configs.addResults(...problems.map(sdkResult));
    return Promise.resolve();
  },
  { usage: 'Expands GatewayNetworks into the manifests of gateway networks.' },
);

function resourceList(configs: Configs): string {
  return JSON.stringify({
    apiVersion: 'config.kubernetes.io/v1',
    kind: 'ResourceList',
    functionConfig: configs.getFunctionConfig(),
    items: configs.getAll(),
  });
}

/** The SDK's results differ from the specification's: `warn`, and `suggestedValue` instead of `proposedValue`. */
function sdkResult({ code, severity, message, ref, field, file }: Problem): Result {
  return {
    message,
    severity: severity === 'warning' ? 'warn' : severity,
    tags: { code },
    ...(ref && { resourceRef: { ...ref, namespace: ref.namespace ?? '' } }),
    ...(field && { field: sdkField(field) }),
    ...(file && { file }),
  };
}

function sdkField({ path, currentValue, proposedValue }: ProblemField): NonNullable<Result['field']> {
  // The values were read from YAML or JSON, so they are what the SDK calls Json.
  return { path, currentValue, suggestedValue: proposedValue } as NonNullable<Result['field']>;
}
