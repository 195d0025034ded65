import { describe, expect, it } from 'vitest';
import { nameRules } from '../../fn/render/name-rules.ts';
import { resolverConfig, resolverPrograms } from '../../fn/render/resolver.ts';
import { routerConfig } from '../../fn/render/router-config.ts';
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
  it('listens on the network and asks the upstreams', () => {
    expect(resolverConfig(BY_VPN)['dnsmasq.conf']).toBe(`keep-in-foreground
user=root
group=
pid-file=
log-facility=-
interface=net1
except-interface=lo
bind-dynamic
no-hosts
no-resolv
domain-needed
cache-size=1000
dns-forward-max=1000
max-cache-ttl=300
rev-server=192.168.50.0/24
rev-server=fd00:50::/64
server=2001:db8::53
server=203.0.113.53
server=10.64.0.1
`);
  });

  it('asks the cluster for its names and networks, and for everything where there are no upstreams', () => {
    expect(resolverConfig(BY_VPN)['cluster-servers']).toBe(`server=/cluster.example/
rev-server=0.0.0.0/8,
rev-server=10.96.0.0/12,
rev-server=127.0.0.0/8,
rev-server=169.254.0.0/16,
rev-server=224.0.0.0/3,
rev-server=fd00:10::/32,
rev-server=fe80::/10,
rev-server=ff00::/8,
`);
    const own = String(resolverConfig(asking(''))['cluster-servers']).split('\n');
    expect(own[0]).toBe('server=/cluster.local/');
    expect(own.at(-2)).toBe('server=');
  });

  it('asks upstreams by the egress alone', () => {
    expect(nameRules(BY_VPN)).toEqual([
      'ip daddr { 203.0.113.53, 10.64.0.1 } udp dport 53 counter drop comment "dns-outside-egress"',
      'ip daddr { 203.0.113.53, 10.64.0.1 } tcp dport 53 counter drop comment "dns-outside-egress"',
      'ip6 daddr { 2001:db8::53 } udp dport 53 counter drop comment "dns-outside-egress"',
      'ip6 daddr { 2001:db8::53 } tcp dport 53 counter drop comment "dns-outside-egress"',
    ]);
    expect(routerRules(BY_VPN)).toContain(nameRules(BY_VPN)[0]);
    expect(routerRules(asking(UPSTREAMS))).not.toContain(nameRules(BY_VPN)[0]);
    expect(routerConfig(BY_VPN)['router.env']).toContain('UPSTREAMS=2001:db8::53 203.0.113.53 10.64.0.1\n');
    expect(routerConfig(asking(UPSTREAMS))['router.env']).not.toContain('UPSTREAMS');
  });

  it('can do nothing but listen', () => {
    expect(resolverPrograms(BY_VPN)).toMatchObject([{ container: 'resolver', capabilities: ['NET_BIND_SERVICE'] }]);
  });

  it('is there only where a client asks it', () => {
    expect(resolverPrograms(NONE)).toEqual([]);
    expect(resolverConfig(NONE)).toEqual({});
    expect(nameRules(NONE)).toEqual([]);
    expect(Object.keys(routerConfig(NONE))).not.toContain('resolver.sh');
  });
});
