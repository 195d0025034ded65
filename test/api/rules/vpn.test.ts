import { expect, it } from 'vitest';
import { messages, proposals } from '../networks.ts';

const VPN = 'spec.gateway.egress.vpn';
const wireGuard = (secretName: string) =>
  messages(
    `gateway: {egress: {type: VPN, vpn: {type: WireGuard, wireGuard: {secretName: ${JSON.stringify(secretName)}}}}}`,
  );

function container(fields: { name?: string; endpoints?: string }): string {
  const { name = 'tun0', endpoints = '{protocol: UDP, port: 1194}' } = fields;
  const spec = '{image: "example.com/vpn:v1", securityContext: {capabilities: {add: [NET_ADMIN]}}}';
  const inner = `{interface: ${JSON.stringify(name)}, endpoints: [${endpoints}], spec: ${spec}}`;
  return `gateway: {egress: {type: VPN, vpn: {type: Container, container: ${inner}}}}`;
}

it.each(['wireguard', 'my.provider-1'])('the Secret may be named %s', (name) => {
  expect(wireGuard(name)).toEqual([]);
});

it.each(['', 'My_Secret', 'a/b'])('the Secret must not be named "%s"', (name) => {
  expect(wireGuard(name)).toEqual([expect.stringContaining(`\`${VPN}.wireGuard.secretName\` must be a DNS subdomain`)]);
});

it.each(['tun0', 'wg0', 'my.vpn_1', 'nordlynx'])('the interface may be named %s', (name) => {
  expect(messages(container({ name }))).toEqual([]);
});

it.each(['', '-tun', 'a"b', 'tun 0', 'tun%d'])('the interface must not be named "%s"', (name) => {
  expect(messages(container({ name }))).toEqual([
    `\`${VPN}.container.interface\` must be the name of an interface (letters, digits, "-", "_" and ".", with no "-" in front), not "${JSON.stringify(name).slice(1, -1)}"`,
  ]);
});

it.each([
  [
    'eth0',
    "this is the router's interface on the cluster's network, which only the tunnel's own packets may leave through",
  ],
  ['net1', "this is the router's interface on the network"],
  ['net2', 'this is the interface of an egress of type "Network"'],
  ['lo', 'this is the loopback interface'],
  ['all', 'it has a special meaning in Linux'],
])('%s is not the interface of a tunnel', (name, because) => {
  expect(messages(container({ name }))).toEqual([
    `\`${VPN}.container.interface\` is "${name}" and must be another name: ${because}`,
  ]);
});

it('the servers are networks', () => {
  const endpoints = '{protocol: TCP, port: 443, cidrs: [198.51.100.0/24, "2001:db8::/32"]}';
  expect(messages(container({ endpoints }))).toEqual([]);
  const wrong = '{protocol: UDP, port: 1194}, {protocol: UDP, port: 443, cidrs: [198.51.100.7/24, vpn.example.com]}';
  expect(messages(container({ endpoints: wrong }))).toEqual([
    `\`${VPN}.container.endpoints[1].cidrs[0]\` must be "198.51.100.0/24", not "198.51.100.7/24": the bits behind the prefix are zero in a network`,
    `\`${VPN}.container.endpoints[1].cidrs[1]\` must be a network in CIDR notation, such as "198.51.100.0/24", not "vpn.example.com"`,
  ]);
  expect(proposals(container({ endpoints: wrong }))).toMatchObject({
    [`${VPN}.container.endpoints[1].cidrs[0]`]: '198.51.100.0/24',
  });
});
