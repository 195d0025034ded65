import { fault, type Fault, refusal } from '../fault.ts';
import type { GatewayNetworkSpec } from '../generated/gateway-network.ts';
import { METRICS_PORT } from '../monitoring.ts';
import type { Rule } from './rule.ts';
import { labelFaults } from './selectors.ts';

/** Labels that rendered objects have, by which others find them. */
const TAKEN = /^(?:app\.kubernetes\.io|gatewaynetwork\.dev)\//;

const WHEN = 'when `spec.monitoring` is set';

/** Metrics leave by one way, whose port nothing else has, and what is rendered for them keeps its own labels. */
export const monitoring: Rule = {
  reads: ['spec.monitoring', 'spec.agent.daemonSet.metrics', 'spec.gateway.egress.type', 'spec.gateway.portForwards'],
  checkNetwork: ({ spec }) => {
    if (spec.monitoring === undefined) return [];
    const labels = Object.entries(spec.monitoring.prometheusOperator?.labels ?? {});
    return [...labels.flatMap(([key, value]) => ownLabelFaults(key, value)), ...fileFaults(spec), ...portFaults(spec)];
  },
};

function ownLabelFaults(key: string, value: string): readonly Fault[] {
  const path = `spec.monitoring.prometheusOperator.labels[${JSON.stringify(key)}]`;
  if (!TAKEN.test(key)) return labelFaults(path, key, value);
  return [fault('Collision', path, value, 'be absent', { because: 'the function sets the labels of this prefix' })];
}

function fileFaults({ agent }: GatewayNetworkSpec): readonly Fault[] {
  const metrics = agent?.daemonSet?.metrics;
  if (metrics === undefined) return [];
  const because = 'each value would be read twice';
  return [fault('Unsupported', 'spec.agent.daemonSet.metrics', metrics, `be absent ${WHEN}`, { because })];
}

/** A router whose egress is the primary network forwards ports of the interface that its metrics are read by. */
function portFaults({ gateway: { egress, portForwards = [] } = {} }: GatewayNetworkSpec): readonly Fault[] {
  if (egress !== undefined && egress.type !== 'ClusterNetwork') return [];
  return portForwards.flatMap(({ protocol, port }, index) => {
    if (protocol !== 'TCP' || port !== METRICS_PORT) return [];
    const because = "the router's metrics are read there";
    return [refusal('Collision', `spec.gateway.portForwards[${index}].port`, port, `be another ${WHEN}`, { because })];
  });
}
