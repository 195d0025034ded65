import type { V1Deployment } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { disruptionBudgets } from '../../fn/render/disruption-budget.ts';
import { routers } from '../../fn/render/router.ts';
import { planOf } from '../plan/network.ts';

const BOTH = 'subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}';
const SHARED =
  'egress: {type: Network, network: {attachment: {name: lan}, addresses: [10.9.0.11/24, 10.9.0.12/24, "fd00:9::11/64", "fd00:9::12/64"], gateways: [10.9.0.1, "fd00:9::1"], snatAddresses: [10.9.0.50, "fd00:9::50"]}}';
const ONE = planOf(`{${BOTH}}`);
const THREE = planOf(`{${BOTH}, gateway: {replicas: 3}}`);
const SYNCHRONISED = planOf(`{${BOTH}, gateway: {replicas: 2, ${SHARED}}}`);
const IPV6 = planOf('{subnets: ["fd00:50::/64"], overlay: {vni: 7}, gateway: {replicas: 2}}');

function deployments(plan: typeof ONE): readonly V1Deployment[] {
  return routers(plan).filter((object) => object.kind === 'Deployment') as V1Deployment[];
}

test('a router beside others has a configuration of keepalived of its own', () => {
  const { data = {} } = routers(THREE)[0];
  expect(data['keepalived-1.conf']).toBe(`global_defs {
  router_id vpn-router-1
  vrrp_version 3
  vrrp_check_unicast_src
  vrrp_garp_master_delay 1
  vrrp_garp_master_repeat 3
  vrrp_garp_master_refresh 3
  max_auto_priority -1
}
track_file health {
  file "/run/gateway-network/track"
  weight 0
}
vrrp_instance gateway {
  interface net1
  virtual_router_id 1
  state BACKUP
  nopreempt
  priority 200
  advert_int 0.3
  unicast_src_ip 192.168.50.3
  unicast_peer {
    192.168.50.2
    192.168.50.4
  }
  track_file {
    health
  }
  virtual_ipaddress {
    192.168.50.1/24 dev net1
  }
  virtual_ipaddress_excluded {
    fd00:50::1/128 dev net1
  }
}
`);
});

test('and says to each of the others whether it could take over', () => {
  const { data = {} } = routers(planOf('{subnets: ["fd00:50::/64"], overlay: {vni: 7}, gateway: {replicas: 2}}'))[0];
  expect(data['standby-1.conf']).toBe(`track_file standby {
  file "/run/gateway-network/standby"
  weight 0
}
vrrp_instance vpn-router-0 {
  interface net1
  virtual_router_id 2
  state BACKUP
  priority 100
  advert_int 1
  unicast_src_ip fd00:50::3
  unicast_peer {
    fd00:50::2
  }
  virtual_ipaddress {
    100::2/128 dev lo scope host
  }
}
vrrp_instance vpn-router-1 {
  interface net1
  virtual_router_id 3
  state BACKUP
  priority 200
  advert_int 1
  unicast_src_ip fd00:50::3
  unicast_peer {
    fd00:50::2
  }
  track_file {
    standby
  }
  virtual_ipaddress {
    100::3/128 dev lo scope host
  }
}
`);
  expect(routers(THREE)[0].data?.['standby-2.conf']).toContain('127.0.0.3/32 dev lo scope host\n');
});

test('IPv6 alone needs nothing beside', () => {
  const config = routers(IPV6)[0].data?.['keepalived-0.conf'];
  expect(config).toContain('  virtual_ipaddress {\n    fd00:50::1/128 dev net1\n  }\n}\n');
  expect(config).toContain('  unicast_src_ip fd00:50::2\n  unicast_peer {\n    fd00:50::3\n  }\n');
});

test('what clients share on the egress moves along, and connections are told of', () => {
  const { data = {} } = routers(SYNCHRONISED)[0];
  expect(data['keepalived-0.conf']).toContain(`  virtual_ipaddress_excluded {
    fd00:50::1/128 dev net1
    10.9.0.50/24 dev net2
    fd00:9::50/128 dev net2
  }
`);
  expect(data['conntrackd-0.conf']).toContain(`    IPv4_address 192.168.50.2
    IPv4_Destination_Address 192.168.50.3
    Port 3780
    Interface net1
`);
  expect(data['keepalived-0.conf']).toContain('  vrrp_notify_fifo /run/gateway-network/states\n');
  // The shared address is one end of every connection.
  expect(data['conntrackd-0.conf']).not.toContain('10.9.0.50');
});

test('each program has the capabilities that it needs and no others', () => {
  const [first] = deployments(SYNCHRONISED);
  const containers = first?.spec?.template.spec?.containers ?? [];
  expect(containers.map(({ name, securityContext }) => [name, securityContext?.capabilities?.add])).toEqual([
    ['router', ['NET_ADMIN']],
    ['keepalived', ['NET_ADMIN', 'NET_RAW']],
    ['connections', ['NET_ADMIN']],
  ]);
});

test('routers run on different nodes, and go one after another', () => {
  const specs = deployments(THREE).map(({ spec }) => spec?.template.spec);
  const delay = specs.map((spec) => [
    spec?.terminationGracePeriodSeconds,
    spec?.containers.map(({ lifecycle }) => lifecycle?.preStop?.exec?.command?.join(' ')),
  ]);
  expect(delay).toEqual([
    [5, [undefined, undefined]],
    [25, ['sleep 20', 'sleep 20']],
    [45, ['sleep 40', 'sleep 40']],
  ]);
  const matchLabels = { 'app.kubernetes.io/component': 'router', 'gatewaynetwork.dev/network': 'vpn' };
  expect(specs[2]?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution).toEqual([
    { labelSelector: { matchLabels }, topologyKey: 'kubernetes.io/hostname' },
  ]);
  expect(disruptionBudgets(THREE)[0]?.spec).toEqual({ maxUnavailable: 1, selector: { matchLabels } });
});

test('a router alone has nothing of all that', () => {
  expect(disruptionBudgets(ONE)).toEqual([]);
  expect(Object.keys(routers(ONE)[0].data ?? {}).filter((file) => /keepalived|vrrp|conn|own/.test(file))).toEqual([]);
  const [spec] = deployments(ONE).map((deployment) => deployment.spec?.template.spec);
  expect(spec?.affinity).toBeUndefined();
  expect(spec?.containers.map(({ name }) => name)).toEqual(['router']);
});
