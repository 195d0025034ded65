import { expect, it, test } from 'vitest';
import { messages, validated } from '../networks.ts';

const WHEN = 'when `spec.agent.type` is "NodeNetworkOperator"';
const GROUP = 'flooding: {type: Multicast, multicast: {group: 239.0.0.1}}';

it.each(['{}', '{clientIsolation: Disabled}', `{overlay: {vni: 7, underlay: {interface: eth0}, ${GROUP}}}`])(
  '%s is fine',
  (spec) => {
    expect(messages(`{agent: {type: NodeNetworkOperator}, ${spec.slice(1)}`)).toEqual([]);
  },
);

it.each([
  [
    'clientIsolation: Enabled',
    `\`spec.clientIsolation\` is "Enabled" and must be "Disabled" ${WHEN}: no agent would maintain the rules that enforce it`,
  ],
  ['nodeRules: {}', `\`spec.nodeRules\` must be absent ${WHEN}: no agent would maintain the rules on the nodes`],
  [
    `overlay: {vni: 7, ${GROUP}}`,
    `\`spec.overlay.underlay.interface\` must be set ${WHEN}: a Link has to name the interface that carries the VXLAN`,
  ],
  [
    'overlay: {vni: 7, underlay: {interface: eth0}}',
    `\`spec.overlay.flooding.type\` must be "Multicast" ${WHEN}, not "Unicast": a Link sends to a single \`remoteIPAddress\`, which reaches all nodes only if it is a multicast group`,
  ],
  [
    'overlay: {vni: 7, underlay: {interface: eth0}, flooding: {type: Unicast, unicast: {peers: [10.0.0.1]}}}',
    `\`spec.overlay.flooding.type\` must be "Multicast" ${WHEN}, not "Unicast": a Link sends to a single \`remoteIPAddress\`, which reaches all nodes only if it is a multicast group`,
  ],
  [
    'overlay: {vni: 7, underlay: {interface: eth0, family: IPv6}, flooding: {type: Multicast, multicast: {group: "ff05::1"}}}',
    `\`spec.overlay.underlay.family\` is "IPv6" and must be "IPv4" ${WHEN}: the \`remoteIPAddress\` of a Link is an IPv4 address`,
  ],
  [
    'overlay: {vni: 7, underlay: {interface: eth0}, flooding: {type: Multicast, multicast: {group: 239.0.0.1, ttl: 4}}}',
    `\`spec.overlay.flooding.multicast.ttl\` is "4" and must be 1 ${WHEN}: a Link cannot set another`,
  ],
])('%s is not', (spec, message) => {
  expect(messages(`{agent: {type: NodeNetworkOperator}, ${spec}}`)).toEqual([message]);
});

test('a default is not given as what the user wrote', () => {
  const { problems } = validated(
    '{agent: {type: NodeNetworkOperator}, overlay: {vni: 7, underlay: {interface: eth0}}}',
  );
  expect(problems.map(({ field }) => field)).toEqual([
    { path: 'spec.overlay.flooding.type', proposedValue: 'Multicast' },
  ]);
});

test('the same is fine for the DaemonSet', () => {
  expect(messages('{nodeRules: {}, clientIsolation: Enabled, overlay: {vni: 7, underlay: {family: IPv6}}}')).toEqual(
    [],
  );
});
