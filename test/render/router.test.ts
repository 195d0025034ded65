import type { V1Deployment } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { routerData } from '../../fn/render/router-data.ts';
import { routers } from '../../fn/render/router.ts';
import { planOf } from '../plan/network.ts';

const PLAN = planOf('{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}}');

test("a router's programs know which of the routers they are", () => {
  const { spec } = routers(PLAN).at(-1) as V1Deployment;
  expect(spec?.template.spec?.containers[0]).toMatchObject({
    command: ['gateway-network', 'router', 'run'],
    env: [{ name: 'ROUTER', value: '0' }],
  });
});

test('the routers have all the rest in common', () => {
  const { data = {} } = routers(PLAN)[0];
  expect(Object.keys(data)).toEqual(['config.json', 'rules.nft']);
  expect(data['config.json']).toBe(`{
  "version": 1,
  "network": "egress/vpn",
  "interface": "net1",
  "mtu": 1450,
  "subnets": [ "192.168.50.0/24", "fd00:50::/64" ],
  "gateways": [ "192.168.50.1", "fd00:50::1" ],
  "hasAgents": true,
  "bridgeAnswers": true,
  "routers": [
    {
      "name": "vpn-router-0",
      "mac": "${PLAN.routers[0].mac}",
      "addresses": [ "192.168.50.1/24", "fd00:50::1/64" ],
      "egressAddresses": []
    }
  ],
  "egress": { "type": "ClusterNetwork", "interface": "eth0" },
  "healthCheck": []
}
`);
});

/** The ConfigMap of each router's pod template. */
function configs(spec: string): readonly (string | undefined)[] {
  const deployments = routers(planOf(spec)).filter(({ kind }) => kind === 'Deployment') as V1Deployment[];
  return deployments.map(
    ({ spec: own }) => own?.template.spec?.volumes?.find(({ name }) => name === 'config')?.configMap?.name,
  );
}

const NETWORK = 'subnets: [192.168.50.0/24], overlay: {vni: 7';

test.each([
  ['the bridge', `${NETWORK}}, interfaces: {bridge: br-new}`],
  ['the sysctls', 'subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}'],
])('%s of its attachment rolls a router, as all else does that is read once', (_, changed) => {
  expect(configs(`{${NETWORK}}}`)).toEqual(configs(`{${NETWORK}}}`));
  expect(configs(`{${NETWORK}}}`)).not.toEqual(configs(`{${changed}}`));
});

test.each([
  ['the MTU', `${NETWORK}, underlay: {mtu: 1450}}`],
  ['the firewall', `${NETWORK}}, gateway: {firewall: {egress: {default: Deny, allow: [{to: [203.0.113.0/24]}]}}}`],
])('%s rolls none', (_, changed) => {
  expect(configs(`{${NETWORK}}}`)).toEqual(configs(`{${changed}}`));
});

test('what stands in the attachment alone rolls each of several routers', () => {
  const two = (bridge: string) => configs(`{${NETWORK}}, interfaces: {bridge: ${bridge}}, gateway: {replicas: 2}}`);
  const [before, after] = [two('br-old'), two('br-new')];
  expect(before).toHaveLength(2);
  for (const [index, name] of before.entries()) expect(name).not.toBe(after[index]);
});

test.each([
  ['{subnets: [192.168.50.0/24], overlay: {vni: 7}}', true],
  ['{subnets: ["fd00:50::/64", 192.168.50.0/24], overlay: {vni: 7}}', true],
  ['{subnets: ["fd00:50::/64"], overlay: {vni: 7}}', false],
  ['{subnets: [192.168.50.0/24]}', false],
  [
    '{subnets: [192.168.50.0/24], overlay: {vni: 7, underlay: {interface: eth1}, flooding: {type: Multicast, multicast: {group: 239.0.0.1}}}, agent: {type: NodeNetworkOperator}}',
    false,
  ],
])('a router of %s asks the bridge: %s', (spec, asks) => {
  expect(routerData(planOf(spec)).bridgeAnswers).toBe(asks);
});
