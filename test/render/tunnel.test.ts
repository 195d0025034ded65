import { expect, test } from 'vitest';
import { routerData } from '../../fn/render/router-data.ts';
import { outputRules } from '../../fn/render/router-own-rules.ts';
import { podSpec } from '../../fn/render/pod.ts';
import { routerPod } from '../../fn/render/router-pod.ts';
import type { NetworkPlan } from '../../fn/plan/network-plan.ts';
import { planOf } from '../plan/network.ts';

const wireGuard = (more = '', egress = '') =>
  planOf(
    `{subnets: [192.168.50.0/24], overlay: {vni: 7}, gateway: {egress: {type: VPN, vpn: {type: WireGuard, wireGuard: {secretName: keys${egress}}}}${more}}}`,
  );
const SPEC = `{name: mine, image: "example.com/vpn:v1", env: [{name: A, value: "1"}], securityContext: {capabilities: {add: [NET_ADMIN]}}}`;
const container = (endpoints: string) =>
  planOf(
    `{subnets: [192.168.50.0/24], gateway: {egress: {type: VPN, vpn: {type: Container, container: {interface: tun7, endpoints: ${endpoints}, spec: ${SPEC}, volumes: [{name: own, emptyDir: {}}]}}}}}`,
  );

function pod(plan: NetworkPlan, index = 0) {
  const router = plan.routers[index];
  if (router === undefined) throw new Error('no router');
  return podSpec(plan, routerPod(plan, router, 'config'));
}

test('the rules are loaded before anything else runs', () => {
  for (const plan of [wireGuard(), container('[{protocol: UDP, port: 1194}]')]) {
    const [init, ...more] = pod(plan).initContainers ?? [];
    expect(more).toEqual([]);
    expect(init?.command).toEqual(['gateway-network', 'router', 'rules']);
  }
  expect(pod(planOf('{subnets: [192.168.50.0/24]}')).initContainers).toBeUndefined();
});

test('each router sees its own key of the Secret, and its program has one capability', () => {
  const plan = wireGuard(', replicas: 2');
  const [spec] = [pod(plan, 1)];
  const [, tunnel] = spec.containers;
  expect(tunnel).toMatchObject({
    name: 'wireguard',
    command: ['gateway-network', 'wireguard', 'run'],
    securityContext: { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] }, readOnlyRootFilesystem: true },
  });
  expect(tunnel?.env).toEqual([{ name: 'ROUTER', value: '1' }]);
  expect(spec.volumes?.filter(({ secret }) => secret)).toEqual([
    {
      name: 'wireguard',
      secret: { secretName: 'keys', defaultMode: 256, items: [{ key: 'wg1.conf', path: 'wg1.conf' }] },
    },
  ]);
  expect(spec.volumes?.some(({ hostPath }) => hostPath)).toBe(false);
});

test('only in user space is there a device of the node', () => {
  const { volumes, containers } = pod(wireGuard('', ', implementation: Userspace'));
  expect(volumes?.flatMap(({ hostPath }) => hostPath ?? [])).toEqual([{ path: '/dev/net/tun', type: 'CharDevice' }]);
  const mounting = containers.filter(({ volumeMounts = [] }) => volumeMounts.some(({ name }) => name === 'tun'));
  expect(mounting.map(({ name }) => name)).toEqual(['wireguard']);
});

test("the user's container and volumes stand there as they were written", () => {
  const { containers, volumes } = pod(container('[{protocol: UDP, port: 1194}]'));
  expect(containers.map(({ name }) => name)).toEqual(['router', 'mine']);
  expect(containers[1]).toEqual({
    name: 'mine',
    image: 'example.com/vpn:v1',
    env: [{ name: 'A', value: '1' }],
    securityContext: { capabilities: { add: ['NET_ADMIN'] } },
  });
  expect(volumes?.at(-1)).toEqual({ name: 'own', emptyDir: {} });
});

test('the configuration says what makes the tunnel', () => {
  expect(routerData(wireGuard()).wireGuard).toEqual({ implementation: 'Kernel' });
  expect(routerData(container('[{protocol: UDP, port: 1194}]')).wireGuard).toBeUndefined();
});

test("the router itself sends nothing but the tunnel's own packets, questions to the cluster's DNS and answers", () => {
  const own = (plan: NetworkPlan) => outputRules(plan).filter((rule) => rule.includes("tunnel's own"));
  expect(own(wireGuard())).toEqual([`oifname "eth0" meta mark 0x0067776e accept comment "the tunnel's own packets"`]);
  const endpoints =
    '[{protocol: UDP, port: 1194}, {protocol: TCP, port: 443, cidrs: [198.51.100.0/24, "2001:db8::/32"]}]';
  expect(own(container(endpoints))).toEqual([
    `oifname "eth0" udp dport { 1194 } accept comment "the tunnel's own packets"`,
    `oifname "eth0" ip daddr 198.51.100.0/24 tcp dport { 443 } accept comment "the tunnel's own packets"`,
    `oifname "eth0" ip6 daddr 2001:db8::/32 tcp dport { 443 } accept comment "the tunnel's own packets"`,
  ]);
  expect(outputRules(wireGuard())[0]).toBe('oifname { "lo", "net1", "wg0" } accept');
  expect(outputRules(wireGuard()).at(-1)).toBe('counter drop comment "router-outside-egress"');
});
