import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { withoutEmptyFields } from '../../fn/api/without-empty-fields.ts';
import { validate } from '../../fn/api/validate.ts';
import { plan } from '../../fn/plan/plan.ts';
import { messages, networks } from './networks.ts';

const NETWORK = 'type: Network, network: {attachment: {name: dmz}, addresses: [10.2.0.2/24], gateways: [10.2.0.1]';

/** What is planned for a network of this specification. */
function planned(spec: string): unknown {
  const [one] = validate(networks(spec)).networks;
  return one && plan(one.network, undefined);
}

describe('a field that is spelled out and says nothing is the same as none:', () => {
  it.each([
    [
      '{}',
      '{mtu: null, clients: null, gateway: null, overlay: null, nodes: null, agent: null, ipam: null, images: null}',
    ],
    ['{}', '{interfaces: {bridge: null, vxlan: null}, nodeRules: {snatExemption: null, iptablesLegacy: null}}'],
    ['{}', '{gateway: {replicas: null, egress: null, firewall: {allow: null, deny: []}, portForwards: null, dns: {}}}'],
    ['{}', '{agent: {}, gateway: {egress: {}}, nodeRules: {snatExemption: {}}, reserved: [], gatewayAddresses: []}'],
    ['{}', '{gateway: {egress: {vpn: null, network: null}, dns: {upstreams: [], clusterDomain: null}}}'],
    ['{}', '{nodes: {selector: {}, tolerations: null}, gateway: {nodes: {selector: {matchLabels: {}}}}}'],
    ['agent: {type: NodeNetworkOperator}', 'agent: {type: NodeNetworkOperator, daemonSet: {}}'],
    ['overlay: {vni: 7}', 'overlay: {vni: 7, port: null, underlay: {mtu: null}, flooding: {}}'],
    ['overlay: {vni: 7}', 'overlay: {vni: 7, flooding: {type: Unicast, unicast: {peers: []}, multicast: null}}'],
    [`gateway: {egress: {${NETWORK}}}}`, `gateway: {egress: {${NETWORK}, snatAddresses: []}, vpn: null}}`],
    [
      'gateway: {portForwards: [{protocol: TCP, port: 80, to: {name: web}}]}',
      'gateway: {portForwards: [{protocol: TCP, port: 80, to: {name: web, addresses: []}}]}',
    ],
    ['clients: [{names: [a]}]', 'clients: [{names: [a], dns: null, addresses: [], attachment: null, selector: {}}]'],
    [
      'clients: [{workloads: [{kind: CronJob}, {kind: Pod}]}]',
      'clients: [{workloads: [{kind: CronJob, templatePath: spec.jobTemplate.spec.template}, {kind: Pod, templatePath: null}]}]',
    ],
  ])('%s and %s', (short, long) => {
    expect(messages(long)).toEqual([]);
    expect(planned(long)).toEqual(planned(short));
  });
});

const NONE_OR_ALL =
  'must have at least 1 entry, not 0: an empty list could be read as "none" and as "all", so write what is meant, or omit the field to use its default';

describe('an empty list that could be read in two ways is refused:', () => {
  it.each([
    ['gateway: {firewall: {allow: []}}', 'spec.gateway.firewall.allow'],
    ['gateway: {firewall: {allow: [{cidrs: []}]}}', 'spec.gateway.firewall.allow[0].cidrs'],
    ['gateway: {firewall: {deny: [{protocol: TCP, ports: []}]}}', 'spec.gateway.firewall.deny[0].ports'],
    ['cluster: {cidrs: []}', 'spec.cluster.cidrs'],
    ['clients: [{names: []}]', 'spec.clients[0].names'],
    ['clients: [{namespaces: []}]', 'spec.clients[0].namespaces'],
    ['clients: [{workloads: []}]', 'spec.clients[0].workloads'],
  ])('%s', (spec, path) => {
    expect(messages(spec)).toEqual([`\`${path}\` ${NONE_OR_ALL}`]);
  });
});

test('rules see an empty list as they see none', () => {
  const clients = 'clients: [{names: [a], dns: Gateway}]';
  expect(messages(`{${clients}, gateway: {egress: {${NETWORK}}}, dns: {upstreams: []}}}`)).toEqual([
    expect.stringMatching(/^`spec\.gateway\.dns\.upstreams` must be set when/),
  ]);
  const addresses = 'addresses: [10.2.0.2/24, 10.2.0.3/24, 10.2.0.4/24]';
  const shared = NETWORK.replace(/addresses: \[[^\]]*\]/, addresses);
  const three = (more: string) => `{overlay: {vni: 7}, gateway: {replicas: 3, egress: {${shared}${more}}}}}`;
  expect(messages(three(', snatAddresses: []'))).toEqual(messages(three('')));
});

test('what is required, unknown, in a list or a label is not left out', () => {
  expect(messages('overlay: {vni: null}')).toEqual([
    '`spec.overlay.vni` must be set to an integer between 1 and 16777215',
  ]);
  expect(messages('overlay: {}')).toEqual(['`spec.overlay.vni` must be set to an integer between 1 and 16777215']);
  expect(messages('subnet: null')).toEqual([expect.stringContaining('`spec.subnet` must be removed or renamed')]);
  expect(messages('clients: [null]')).toEqual(['`spec.clients[0]` must be a mapping, not null']);
  expect(messages('clients: [{selector: {matchLabels: {a: null}}}]')).toEqual([
    '`spec.clients[0].selector.matchLabels.a` must be a string, not null',
  ]);
});

test('an alias in many places is looked at once for each field', () => {
  const entry = '{workloads: [{kind: Pod}]}';
  const value: unknown = parse(`{spec: {clients: [&a ${entry}, *a, *a]}}`);
  const { spec } = withoutEmptyFields(value) as { spec: { clients: readonly unknown[] } };
  expect(spec.clients).toEqual([1, 2, 3].map(() => ({ workloads: [{ kind: 'Pod' }] })));
  expect(new Set(spec.clients).size).toBe(1);
});
