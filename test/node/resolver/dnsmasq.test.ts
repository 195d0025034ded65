import { expect, test } from 'vitest';
import { dnsmasqConfig, serversFile } from '../../../fn/node/resolver/dnsmasq.ts';
import { nameServers } from '../../../fn/node/resolver/name-servers.ts';

const SUBNETS = ['192.168.50.0/24', 'fd00:50::/64'];
const RESOLVER = { clusterDomain: 'cluster.example', clusterCidrs: ['10.96.0.0/12'], upstreams: [] };

test('dnsmasq listens on the network alone', () => {
  expect(dnsmasqConfig({ interface: 'net1' })).toBe(`keep-in-foreground
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
`);
});

test('without upstreams the name servers of the cluster are asked everything', () => {
  expect(serversFile(SUBNETS, RESOLVER, ['10.96.0.10', 'fd00::a'])).toBe(`rev-server=192.168.50.0/24
rev-server=fd00:50::/64
server=/cluster.example/10.96.0.10
server=/cluster.example/fd00::a
rev-server=10.96.0.0/12,10.96.0.10
rev-server=10.96.0.0/12,fd00::a
server=10.96.0.10
server=fd00::a
`);
});

test('with upstreams they are asked its names and networks', () => {
  const resolver = { ...RESOLVER, upstreams: ['203.0.113.53', '2001:db8::53'] };
  expect(serversFile(['192.168.50.0/24'], resolver, ['10.96.0.10'])).toBe(`rev-server=192.168.50.0/24
server=203.0.113.53
server=2001:db8::53
server=/cluster.example/10.96.0.10
rev-server=10.96.0.0/12,10.96.0.10
`);
});

test.each([
  ['search egress.svc\nnameserver 10.96.0.10\nnameserver fd00::a\noptions ndots:5\n', ['10.96.0.10', 'fd00::a']],
  ['nameserver fe80::1%eth0\nnameserver\n', []],
  ['nameserver $(touch${IFS}broken)\nnameserver 10.0.0.1,log-queries\n#nameserver 10.0.0.2\n', []],
  ['nameserver\t10.0.0.1 # comment', ['10.0.0.1']],
  ['', []],
])('the name servers of %j', (text, servers) => {
  expect(nameServers(text)).toEqual(servers);
});
