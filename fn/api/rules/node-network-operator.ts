import { fault, refusal, type Fault } from '../fault.ts';
import { DEFAULTS } from '../generated/fields.ts';
import type { GatewayNetworkSpec, Overlay } from '../generated/gateway-network.ts';
import type { Rule } from './rule.ts';

const WHEN = 'when `spec.agent.type` is "NodeNetworkOperator"';

/** The spec uses nothing that a Link of solidDoWant/node-network-operator (API v1alpha1) cannot express. */
export const nodeNetworkOperator: Rule = {
  reads: [
    'spec.agent.type',
    'spec.clientIsolation',
    'spec.nodeRules',
    'spec.overlay.underlay',
    'spec.overlay.flooding',
  ],
  checkNetwork: ({ spec }) => {
    if (spec.agent?.type !== 'NodeNetworkOperator') return [];
    const rules = spec.nodeRules && {
      code: 'Unsupported' as const,
      path: 'spec.nodeRules',
      value: spec.nodeRules,
      message: `\`spec.nodeRules\` must be absent ${WHEN}: no agent would maintain the rules on the nodes`,
    };
    return [...isolationFaults(spec), ...(rules ? [rules] : []), ...(spec.overlay ? overlayFaults(spec.overlay) : [])];
  },
};

function isolationFaults({ clientIsolation = 'Disabled' }: GatewayNetworkSpec): readonly Fault[] {
  if (clientIsolation === 'Disabled') return [];
  const details = { because: 'no agent would maintain the rules that enforce it', proposed: 'Disabled' };
  return [refusal('Unsupported', 'spec.clientIsolation', clientIsolation, `be "Disabled" ${WHEN}`, details)];
}

function overlayFaults({ underlay = {}, flooding }: Overlay): readonly Fault[] {
  const faults: Fault[] = [];
  if (underlay.interface === undefined) {
    const because = 'a Link has to name the interface that carries the VXLAN';
    faults.push(fault('Unsupported', 'spec.overlay.underlay.interface', undefined, `be set ${WHEN}`, { because }));
  }
  if (underlay.family === 'IPv6') {
    const because = 'the `remoteIPAddress` of a Link is an IPv4 address';
    const details = { because, proposed: 'IPv4' };
    faults.push(refusal('Unsupported', 'spec.overlay.underlay.family', 'IPv6', `be "IPv4" ${WHEN}`, details));
  }
  const type = flooding?.type ?? DEFAULTS['spec.overlay.flooding.type'];
  if (type !== 'Multicast') {
    const because =
      'a Link sends to a single `remoteIPAddress`, which reaches all nodes only if it is a multicast group';
    const details = { because, proposed: 'Multicast' };
    const stated = fault('Unsupported', 'spec.overlay.flooding.type', type, `be "Multicast" ${WHEN}`, details);
    faults.push({ ...stated, value: flooding?.type });
  }
  const ttl = flooding?.multicast?.ttl ?? DEFAULTS['spec.overlay.flooding.multicast.ttl'];
  if (ttl !== 1) {
    const details = { because: 'a Link cannot set another', proposed: 1 };
    faults.push(refusal('Unsupported', 'spec.overlay.flooding.multicast.ttl', ttl, `be 1 ${WHEN}`, details));
  }
  return faults;
}
