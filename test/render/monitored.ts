import type { KubernetesObject } from '../../fn/krm/input.ts';
import { render } from '../../fn/render/render.ts';
import { planOf } from '../plan/network.ts';

const LABELS = '{release: prometheus}';
/** The objects of a network that is monitored, with more in its spec. */
export const monitored = (more = '') =>
  render(
    planOf(
      `{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}${more}, monitoring: {type: PrometheusOperator, prometheusOperator: {labels: ${LABELS}}}}`,
    ),
  );

/** An object by its kind and name. */
export function of(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind && object.metadata?.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
}
