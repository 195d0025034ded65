import type { V1Deployment } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { routers } from '../../fn/render/router.ts';
import { planOf } from '../plan/network.ts';

const PLAN = planOf('{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}}');

test("a router has addresses and MAC of its own in its pod's environment, which the attachment does not give it", () => {
  const { spec } = routers(PLAN).at(-1) as V1Deployment;
  expect(spec?.template.spec?.containers[0]?.env).toEqual([
    { name: 'ADDRESSES', value: '192.168.50.1/24 fd00:50::1/64' },
    { name: 'MAC', value: PLAN.routers[0]?.mac },
  ]);
});

test('the routers have all the rest in common, the parts of their program included', () => {
  const { data = {} } = routers(PLAN)[0];
  expect(data['router.env']).toBe(
    'OVERLAY_INTERFACE=net1\nEGRESS_INTERFACE=eth0\nMTU=1450\nBRIDGE_ANSWERS=yes\nFORWARDING=IPv4 IPv6\nCALL_FROM=fd00:50::1\n',
  );
  const parts = [...(data['router.sh'] ?? '').matchAll(/^\. "\$here\/(.*)"$/gm)].map((match) => match[1]);
  expect(Object.keys(data)).toEqual(['router.env', 'rules.nft', 'router.sh', ...parts]);
});

/** The hash on the pod template of each router. */
function hashes(spec: string): string[] {
  const deployments = routers(planOf(spec)).filter(({ kind }) => kind === 'Deployment') as V1Deployment[];
  return deployments.map(({ spec: own }) =>
    String(own?.template.metadata?.annotations?.['gatewaynetwork.dev/config-hash']),
  );
}

const NETWORK = 'subnets: [192.168.50.0/24], overlay: {vni: 7';

test.each([
  ['the MTU', `${NETWORK}, underlay: {mtu: 1450}}`],
  ['the bridge', `${NETWORK}}, interfaces: {bridge: br-new}`],
  ['the sysctls', `${NETWORK}}, gateway: {healthCheck: {addresses: [203.0.113.1]}}`],
])('%s of its attachment rolls a router, as all else does that is read once', (_, changed) => {
  expect(hashes(`{${NETWORK}}}`)).toEqual(hashes(`{${NETWORK}}}`));
  expect(hashes(`{${NETWORK}}}`)).not.toEqual(hashes(`{${changed}}`));
});

test('what stands in the attachment alone rolls each of several routers', () => {
  const two = (bridge: string) => hashes(`{${NETWORK}}, interfaces: {bridge: ${bridge}}, gateway: {replicas: 2}}`);
  const [before, after] = [two('br-old'), two('br-new')];
  expect(before).toHaveLength(2);
  for (const [index, hash] of before.entries()) expect(hash).not.toBe(after[index]);
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
  expect(routers(planOf(spec))[0].data?.['router.env']?.includes('BRIDGE_ANSWERS=yes\n')).toBe(asks);
});
