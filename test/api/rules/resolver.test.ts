import { describe, expect, it } from 'vitest';
import { messages } from '../networks.ts';

const VPN = 'egress: {type: VPN, vpn: {type: WireGuard, wireGuard: {secretName: tunnel}}}';
const ASKING = 'clients: [{names: [a]}, {names: [b], dns: Gateway}]';
const IPV4 = 'subnets: [192.168.50.0/24]';
const upstreams = (list: string, egress = VPN, more = IPV4) =>
  messages(`{${more}, ${ASKING}, gateway: {${egress}, dns: {upstreams: ${list}}}}`);
const FIRST = '`spec.gateway.dns.upstreams[0]`';

describe('the resolver', () => {
  it.each([
    ['[9.9.9.9, 149.112.112.112]', VPN, IPV4],
    ['[10.64.0.1]', VPN, IPV4],
    ['["2620:fe::fe"]', VPN, 'subnets: ["fd00:50::/64"]'],
    ['["2620:fe::fe"]', 'egress: {type: ClusterNetwork}', IPV4],
    ['[10.0.0.2]', 'egress: {type: ClusterNetwork}', `${IPV4}, cluster: {cidrs: [10.0.0.0/8]}`],
  ])('may ask %s (%s, %s)', (list, egress, more) => expect(upstreams(list, egress, more)).toEqual([]));

  it('needs name servers that the egress reaches, where that is not the way of the cluster', () => {
    expect(messages(`{${ASKING}, gateway: {${VPN}}}`)).toEqual([
      '`spec.gateway.dns.upstreams` must be set when `spec.clients[1].dns` is "Gateway" and `spec.gateway.egress.type` is "VPN": the name servers of the cluster do not send their queries through the gateway',
    ]);
    expect(messages(`{${ASKING}}`)).toEqual([]);
    expect(messages(`{clients: [{names: [a]}], gateway: {${VPN}}}`)).toEqual([]);
  });

  it('may be set up where nobody asks it', () => {
    expect(messages('{gateway: {dns: {upstreams: [9.9.9.9], clusterDomain: cluster.example}}}')).toEqual([]);
  });

  it.each([
    ['[dns.example]', `${FIRST} must be the IP address of a name server, such as "9.9.9.9", not "dns.example"`],
    ['[9.9.9.9, 9.9.9.9]', `\`spec.gateway.dns.upstreams[1]\` must be another address than ${FIRST}, not "9.9.9.9"`],
    ['[127.0.0.1]', `${FIRST} is "127.0.0.1" and must lie outside 127.0.0.0/8: no name server has an address there`],
    [
      '[192.168.50.7]',
      `${FIRST} is "192.168.50.7" and must lie outside 192.168.50.0/24: that is the subnet of the clients`,
    ],
    [
      '["2620:fe::fe"]',
      `${FIRST} must be an IPv4 address, not "2620:fe::fe": the router has no egress for IPv6 without a subnet of that family`,
    ],
  ])('does not ask %s', (list, message) => expect(upstreams(list)).toEqual([message]));

  it('does not ask the cluster by a tunnel', () => {
    expect(upstreams('[10.96.0.10]', VPN, `${IPV4}, cluster: {cidrs: [10.244.0.0/16, 10.96.0.0/12]}`)).toEqual([
      `${FIRST} is "10.96.0.10" and must lie outside 10.96.0.0/12: that is \`spec.cluster.cidrs[1]\`, which the egress does not reach`,
    ]);
  });
});
