import type { Quantity, Resources as ResourcesSpec } from './generated/gateway-network.ts';

export interface Resources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

export const AGENT_RESOURCES: Resources = { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } };
export const ROUTER_RESOURCES: Resources = { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } };

/** The user's resources replace ours: a limit of theirs could contradict a request of ours. */
export function parseResources(given: ResourcesSpec | undefined, base: Resources): Resources {
  return given === undefined ? base : { requests: quantities(given.requests), limits: quantities(given.limits) };
}

function quantities(values: Readonly<Record<string, Quantity>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
