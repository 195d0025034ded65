import { fault, type Fault } from '../fault.ts';
import type { Quantity, Resources } from '../generated/gateway-network.ts';
import { isQualifiedName } from '../kubernetes-name.ts';
import { quote } from '../quote.ts';
import type { Rule } from './rule.ts';

/** Resources are valid for a container in Kubernetes. */
export const resources: Rule = {
  reads: ['spec.agent.daemonSet', 'spec.gateway.resources'],
  checkNetwork: ({ spec }) => [
    ...resourceFaults('spec.agent.daemonSet.resources', spec.agent?.daemonSet?.resources ?? {}),
    ...resourceFaults('spec.gateway.resources', spec.gateway?.resources ?? {}),
  ],
};

function resourceFaults(path: string, { requests = {}, limits = {} }: Resources): readonly Fault[] {
  return [
    ...listFaults(`${path}.requests`, requests),
    ...listFaults(`${path}.limits`, limits),
    ...order(path, requests, limits),
  ];
}

type Quantities = Readonly<Record<string, Quantity>>;

function listFaults(path: string, quantities: Quantities): readonly Fault[] {
  return Object.entries(quantities).flatMap(([name, quantity]) => {
    const field = fieldOf(path, name);
    if (!isResource(name)) {
      const requirement = 'be named "cpu", "memory", "ephemeral-storage", "hugepages-<size>" or "<domain>/<name>"';
      return [fault('InvalidValue', field, name, requirement)];
    }
    if (amount(quantity) !== undefined) return [];
    return [fault('InvalidValue', field, quantity, 'be a quantity of at least 0, such as "50m" or "64Mi"')];
  });
}

function order(path: string, requests: Quantities, limits: Quantities): readonly Fault[] {
  return Object.entries(requests).flatMap(([name, request]) => {
    const limit = limits[name];
    const [least, most] = [amount(request), limit === undefined ? undefined : amount(limit)];
    if (least === undefined || most === undefined || least <= most) return [];
    const requirement = `be at most \`${fieldOf(`${path}.limits`, name)}\`, which is ${quote(limit)}`;
    return [fault('InvalidValue', fieldOf(`${path}.requests`, name), request, requirement)];
  });
}

function fieldOf(path: string, name: string): string {
  return /^\w+$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}

function isResource(name: string): boolean {
  return /^(?:cpu|memory|ephemeral-storage|hugepages-.+)$/.test(name) || (name.includes('/') && isQualifiedName(name));
}

// Kubernetes API, "Quantity": a decimal number with a binary suffix, a decimal one, or an exponent.
const QUANTITY = /^\+?(?<digits>\d+\.?\d*|\.\d+)(?<suffix>[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
const BINARY = 'KMGTPE';
const DECIMAL = 'kMGTPE';
const FRACTIONS = 'mun';

/** A quantity as a number; fractions are divided, so that `100m` equals `0.1`. */
function amount(quantity: Quantity): number | undefined {
  const groups = QUANTITY.exec(String(quantity))?.groups;
  if (groups === undefined) return undefined;
  const { digits = '', suffix = '' } = groups;
  const number = Number(digits);
  if (suffix === '') return number;
  if (suffix.endsWith('i')) return number * 1024 ** (BINARY.indexOf(suffix.charAt(0)) + 1);
  if (FRACTIONS.includes(suffix)) return number / 1000 ** (FRACTIONS.indexOf(suffix) + 1);
  if (DECIMAL.includes(suffix)) return number * 1000 ** (DECIMAL.indexOf(suffix) + 1);
  return Number(digits + suffix);
}
