import type { Quantity, Resources as ResourcesSpec } from './generated/gateway-network.ts';

export interface Resources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

export const AGENT_RESOURCES: Resources = { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } };
export const ROUTER_RESOURCES: Resources = { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } };

/** What the user gives stands for itself: a limit that met a request of ours could contradict it. */
export function parseResources(given: ResourcesSpec | undefined, base: Resources): Resources {
  return given === undefined ? base : { requests: quantities(given.requests), limits: quantities(given.limits) };
}

function quantities(values: Readonly<Record<string, Quantity>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
