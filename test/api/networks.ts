import { parse } from 'yaml';
import { validate, type Candidate, type Validated } from '../../fn/api/validate.ts';

/**
 * The networks `egress/one`, `egress/two`, … in `one.yaml`, …: each of them a specification in
 * YAML, with a subnet of its own by default.
 */
export function networks(...specs: readonly string[]): readonly Candidate[] {
  return specs.map((text, index) => {
    const name = ['one', 'two', 'three'][index] ?? `n${index + 1}`;
    const spec = { subnets: [`192.168.${50 + index}.0/24`], ...(parse(text) as object | null) };
    const metadata = { name, namespace: 'egress' };
    const value = { apiVersion: 'gatewaynetwork.dev/v1alpha1', kind: 'GatewayNetwork', metadata, spec };
    return { value, file: { path: `${name}.yaml`, index: 0 } };
  });
}

/** The outcome of {@link validate} for specifications in YAML. */
export function validated(...specs: readonly string[]): Validated {
  return validate(networks(...specs));
}

/** What is said against networks with these specifications. */
export function messages(...specs: readonly string[]): readonly string[] {
  return validated(...specs).problems.map(({ message }) => message);
}

/** Proposed values by path. */
export function proposals(...specs: readonly string[]): Readonly<Record<string, unknown>> {
  const fields = validated(...specs).problems.flatMap(({ field }) => field ?? []);
  return Object.fromEntries(fields.map(({ path, proposedValue }) => [path, proposedValue]));
}
