import { expect, it } from 'vitest';
import { messages } from '../networks.ts';

it.each([
  'overlay: {vni: 7, flooding: {type: Unicast}}',
  'overlay: {vni: 7, flooding: {type: Unicast, unicast: {}}}',
  'overlay: {vni: 7, flooding: {type: Multicast, multicast: {group: 239.0.0.1}}}',
  'agent: {type: DaemonSet, daemonSet: {}}',
  'agent: {type: NodeNetworkOperator}',
  'nodeRules: {snatExemption: {type: NoTrack}}',
  'nodeRules: {snatExemption: {type: ChainReturn, chainReturn: {chain: KIND-MASQ-AGENT}}}',
])('%s is fine', (spec) => {
  expect(messages(spec)).toEqual([]);
});

it.each([
  [
    'overlay: {vni: 7, flooding: {type: Multicast}}',
    '`spec.overlay.flooding.multicast` must be set when `spec.overlay.flooding.type` is "Multicast"',
  ],
  [
    'overlay: {vni: 7, flooding: {type: Unicast, multicast: {group: 239.0.0.1}}}',
    '`spec.overlay.flooding.multicast` must be absent when `spec.overlay.flooding.type` is "Unicast"; it belongs to "Multicast"',
  ],
  [
    'overlay: {vni: 7, flooding: {type: Multicast, multicast: {group: 239.0.0.1}, unicast: {peers: [10.0.0.1]}}}',
    '`spec.overlay.flooding.unicast` must be absent when `spec.overlay.flooding.type` is "Multicast"; it belongs to "Unicast"',
  ],
  [
    'agent: {type: NodeNetworkOperator, daemonSet: {cniDir: /a}}',
    '`spec.agent.daemonSet` must be absent when `spec.agent.type` is "NodeNetworkOperator"; it belongs to "DaemonSet"',
  ],
  [
    'nodeRules: {snatExemption: {type: ChainReturn}}',
    '`spec.nodeRules.snatExemption.chainReturn` must be set when `spec.nodeRules.snatExemption.type` is "ChainReturn"',
  ],
  [
    'nodeRules: {snatExemption: {type: NoTrack, chainReturn: {chain: X}}}',
    '`spec.nodeRules.snatExemption.chainReturn` must be absent when `spec.nodeRules.snatExemption.type` is "NoTrack"; it belongs to "ChainReturn"',
  ],
])('%s is not', (spec, message) => {
  expect(messages(spec)).toEqual([message]);
});
