import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../fn/node/router/settings.ts';
import { nameRules } from '../../fn/render/name-rules.ts';
import { resolverPrograms } from '../../fn/render/resolver.ts';
import { routerData } from '../../fn/render/router-data.ts';
import { routerRules } from '../../fn/render/router-rules.ts';
import { planOf } from '../plan/network.ts';

const VPN = 'egress: {type: VPN, vpn: {type: WireGuard, wireGuard: {secretName: tunnel}}}';
const asking = (gateway: string, cluster = '') =>
  planOf(`{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}, clients: [{names: [a]}, {names: [b], dns: Gateway}],
    gateway: {${gateway}}${cluster}}`);
const UPSTREAMS = 'dns: {upstreams: ["2001:DB8::53", 203.0.113.53, 10.64.0.1], clusterDomain: cluster.example}';
const BY_VPN = asking(`${VPN}, ${UPSTREAMS}`, ', cluster: {cidrs: [10.96.0.0/12, fd00:10::/32]}');
const NONE = planOf(`{subnets: [192.168.50.0/24], clients: [{names: [a]}], gateway: {${UPSTREAMS}}}`);

describe('the resolver', () => {
  it('asks upstreams by the egress alone', () => {
    expect(nameRules(BY_VPN)).toEqual([
      'ip daddr { 203.0.113.53, 10.64.0.1 } udp dport 53 counter drop comment "dns-outside-egress"',
      'ip daddr { 203.0.113.53, 10.64.0.1 } tcp dport 53 counter drop comment "dns-outside-egress"',
      'ip6 daddr { 2001:db8::53 } udp dport 53 counter drop comment "dns-outside-egress"',
      'ip6 daddr { 2001:db8::53 } tcp dport 53 counter drop comment "dns-outside-egress"',
    ]);
    expect(routerRules(BY_VPN)).toContain(nameRules(BY_VPN)[0]);
    expect(routerRules(asking(UPSTREAMS))).not.toContain(nameRules(BY_VPN)[0]);
    expect(settingsOf(routerData(BY_VPN), '0')?.upstreams).toEqual(['2001:db8::53', '203.0.113.53', '10.64.0.1']);
    expect(settingsOf(routerData(asking(UPSTREAMS)), '0')?.upstreams).toEqual([]);
  });

  it('can do nothing but listen', () => {
    expect(resolverPrograms(BY_VPN)).toMatchObject([{ container: 'resolver', capabilities: ['NET_BIND_SERVICE'] }]);
  });

  it('is there only where a client asks it', () => {
    expect(resolverPrograms(NONE)).toEqual([]);
    expect(routerData(NONE).resolver).toBeUndefined();
    expect(nameRules(NONE)).toEqual([]);
  });
});
