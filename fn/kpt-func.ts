import { read } from './krm/read.ts';
import { hasErrors, type Problem } from './krm/problem.ts';
import { write } from './krm/write.ts';
import { run } from './run.ts';

/** An object as the kpt-functions SDK holds it. */
export interface KptObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

/** A result as the kpt-functions SDK takes it: `warn`, and `suggestedValue` instead of `proposedValue`. */
export interface KptResult {
  message: string;
  severity: 'error' | 'warn' | 'info';
  tags?: { [key: string]: string };
  resourceRef?: { apiVersion: string; kind: string; namespace: string; name: string };
  file?: { path?: string; index?: number };
  field?: { path: string; currentValue?: unknown; suggestedValue?: unknown };
}

/**
 * The part of the SDK's `Configs` that the function uses. Our own types, because users of `expand`
 * do not have the SDK.
 */
export interface KptConfigs {
  getAll(): KptObject[];
  getFunctionConfig(): KptObject | undefined;
  deleteAll(): void;
  insert(...objects: KptObject[]): void;
  addResults(...results: KptResult[]): void;
}

/** Fits `KptFunc` of kpt-functions. */
export interface KptFunction {
  (configs: KptConfigs): Promise<void>;
  usage: string;
}

/**
 * The function for programs written with the kpt-functions SDK: expands the GatewayNetworks among the configs or in the
 * functionConfig, replaces what it owns, and adds its results. On errors the configs stay as they are.
 */
export const gatewayNetwork: KptFunction = Object.assign(
  (configs: KptConfigs): Promise<void> => {
    const { input, changes, problems } = run(read(resourceList(configs)));
    if (!hasErrors(problems)) {
      const { items } = JSON.parse(write(input, changes, [])) as { items: KptObject[] };
      configs.deleteAll();
      configs.insert(...items);
    }
    configs.addResults(...problems.map(sdkResult));
    return Promise.resolve();
  },
  { usage: 'Expands GatewayNetworks into the manifests of gateway networks.' },
);

function resourceList(configs: KptConfigs): string {
  return JSON.stringify({
    apiVersion: 'config.kubernetes.io/v1',
    kind: 'ResourceList',
    functionConfig: configs.getFunctionConfig(),
    items: configs.getAll(),
  });
}

function sdkResult({ code, severity, message, ref, field, file }: Problem): KptResult {
  return {
    message,
    severity: severity === 'warning' ? 'warn' : severity,
    tags: { code },
    ...(ref && { resourceRef: { ...ref, namespace: ref.namespace ?? '' } }),
    ...(field && {
      field: { path: field.path, currentValue: field.currentValue, suggestedValue: field.proposedValue },
    }),
    ...(file && { file }),
  };
}
