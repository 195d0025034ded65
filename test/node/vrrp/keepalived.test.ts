import { expect, test } from 'vitest';
import { flagOf, keepalivedConfig, movingAddresses } from '../../../fn/node/vrrp/keepalived.ts';
import { IPV6, router, SYNCHRONISED, THREE } from '../routers.ts';

const configOf = (config: typeof THREE, index: number) =>
  keepalivedConfig(config, router(config, index), '/run/gateway-network');

test('a router beside others has a configuration of keepalived of its own', () => {
  const text = configOf(THREE, 1);
  expect(text.slice(0, text.indexOf('track_file standby'))).toBe(`global_defs {
  router_id vpn-router-1
  vrrp_version 3
  vrrp_check_unicast_src
  vrrp_garp_master_delay 1
  vrrp_garp_master_repeat 3
  vrrp_garp_master_refresh 3
  notify_fifo /run/gateway-network/notices
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
  const text = configOf(IPV6, 1);
  expect(text.slice(text.indexOf('track_file standby'))).toBe(`track_file standby {
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
  expect(configOf(THREE, 2)).toContain('127.0.0.3/32 dev lo scope host\n');
  // Of another's instance it tells that one alone.
  expect(configOf(THREE, 2)).toMatch(/vpn-router-0 \{[^}]*unicast_peer \{\n {4}192\.168\.50\.2\n {2}\}/);
  expect(configOf(THREE, 2)).toMatch(/vpn-router-2 \{[^}]*unicast_peer \{\n {4}192\.168\.50\.2\n {4}192\.168\.50\.3\n/);
});

test('IPv6 alone needs nothing beside', () => {
  const text = configOf(IPV6, 0);
  expect(text).toContain('  virtual_ipaddress {\n    fd00:50::1/128 dev net1\n  }\n}\n');
  expect(text).toContain('  unicast_src_ip fd00:50::2\n  unicast_peer {\n    fd00:50::3\n  }\n');
});

test('what clients share on the egress moves along, and of states is told where connections are', () => {
  expect(configOf(SYNCHRONISED, 0)).toContain(`  virtual_ipaddress_excluded {
    fd00:50::1/128 dev net1
    10.9.0.50/24 dev net2
    fd00:9::50/128 dev net2
  }
`);
  expect(configOf(SYNCHRONISED, 0)).toContain('  vrrp_notify_fifo /run/gateway-network/states\n');
  expect(configOf(THREE, 0)).not.toContain('vrrp_notify_fifo');
});

test('a router alone has nothing that moves', () => {
  const { failover: _, ...alone } = THREE;
  expect(movingAddresses(alone)).toEqual([]);
});

test('each router has a sign of its own', () => {
  expect(THREE.routers.map((each) => flagOf(THREE, each))).toEqual(
    ['127.0.0.2/32', '127.0.0.3/32', '127.0.0.4/32'].map((address) => ({ address, device: 'lo' })),
  );
});
