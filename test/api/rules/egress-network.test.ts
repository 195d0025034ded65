import { expect, it, test } from 'vitest';
import { messages } from '../networks.ts';

const DUAL = 'subnets: [192.168.50.0/24, "fd00:50::/64"]';
const PATH = 'spec.gateway.egress.network';

/** A specification of a dual-stack network with some settings of its egress. */
function spec(settings: Readonly<Record<string, string>> = {}, more = '', subnets = DUAL): string {
  const all = {
    attachment: '{name: vlan99}',
    addresses: '[10.99.0.11/24, "fd00:99::11/64"]',
    gateways: '[10.99.0.1, "fd00:99::1"]',
    ...settings,
  };
  const text = Object.entries(all).map(([key, value]) => `${key}: ${value}`);
  return `{${subnets}, overlay: {vni: 7}, gateway: {egress: {type: Network, network: {${text.join(', ')}}}${more}}}`;
}

const IPV4 = { addresses: '[10.99.0.11/24]', gateways: '[10.99.0.1]' };

it.each([
  spec(),
  spec({ snatAddresses: '[10.99.0.50, "fd00:99::50"]' }),
  spec({ snatAddresses: '["fd00:99::50"]' }),
  spec({ gateways: '["fe80::1", 10.99.0.1]' }),
  spec({ addresses: '[10.99.0.11/31, "fd00:99::11/127"]', gateways: '[10.99.0.10, "fd00:99::10"]' }),
  spec(IPV4, '', 'subnets: [192.168.50.0/24]'),
  spec({ addresses: '[10.99.0.11/24, 10.99.0.12/24, "fd00:99::11/64", "fd00:99::12/64"]' }, ', replicas: 2'),
])('%s is fine', (text) => {
  expect(messages(text)).toEqual([]);
});

it.each([
  [
    spec({ addresses: '[10.99.0.11, "fd00:99::11/64"]' }),
    `\`${PATH}.addresses[0]\` must be an address with the prefix length of its network, such as "10.99.0.11/24", not "10.99.0.11"`,
  ],
  [spec({ gateways: '[gateway, "fd00:99::1"]' }), `\`${PATH}.gateways[0]\` must be an IP address, not "gateway"`],
  [
    spec({ addresses: '[10.99.0.0/24, "fd00:99::11/64"]' }),
    `\`${PATH}.addresses[0]\` must be a host address, not "10.99.0.0/24": this is the first address of 10.99.0.0/24`,
  ],
  [
    spec({ gateways: '[10.99.0.255, "fd00:99::1"]' }),
    `\`${PATH}.gateways[0]\` must be a host address, not "10.99.0.255": this is the last address of 10.99.0.0/24`,
  ],
  [
    spec({ gateways: '[10.98.0.1, "fd00:99::1"]' }),
    `\`${PATH}.gateways[0]\` must lie in "10.99.0.0/24", not "10.98.0.1": that is where the routers are`,
  ],
  [
    spec({ snatAddresses: '["fe80::1"]' }),
    `\`${PATH}.snatAddresses[0]\` must lie in "fd00:99::/64", not "fe80::1": that is where the routers are`,
  ],
  [
    spec({ gateways: '[10.99.0.11, "fd00:99::1"]' }),
    `\`${PATH}.gateways[0]\` is "10.99.0.11" and must be another address than \`${PATH}.addresses[0]\``,
  ],
  [
    spec({ snatAddresses: '["fd00:99::0:1"]' }),
    `\`${PATH}.snatAddresses[0]\` is "fd00:99::0:1" and must be another address than \`${PATH}.gateways[1]\``,
  ],
  [
    spec({ gateways: '[10.99.0.1, 10.99.0.2, "fd00:99::1"]' }).replace(
      'gateways: [10.99.0.1, 10.99.0.2, "fd00:99::1"]',
      'gateways: [10.99.0.1, 10.99.0.2]',
    ),
    `\`${PATH}.gateways[1]\` must be removed or be of another IP family than \`${PATH}.gateways[0]\`, not "10.99.0.2"`,
    `\`${PATH}.gateways\` must have an IPv6 address, and has none: \`spec.subnets\` has an IPv6 subnet`,
  ],
  [
    spec(IPV4),
    `\`${PATH}.addresses\` must have an IPv6 address, and has none: \`spec.subnets\` has an IPv6 subnet`,
    `\`${PATH}.gateways\` must have an IPv6 address, and has none: \`spec.subnets\` has an IPv6 subnet`,
  ],
  [
    spec({}, '', 'subnets: [192.168.50.0/24]'),
    `\`${PATH}.addresses[1]\` is "fd00:99::11/64" and must be removed: \`spec.subnets\` has no IPv6 subnet`,
    `\`${PATH}.gateways[1]\` is "fd00:99::1" and must be removed: \`spec.subnets\` has no IPv6 subnet`,
  ],
  [
    spec({ addresses: '[10.99.0.11/24, 10.99.0.12/24, "fd00:99::11/64"]' }, ', replicas: 2'),
    `\`${PATH}.addresses\` must have 2 IPv6 addresses, one for each router, and has 1: \`spec.subnets\` has an IPv6 subnet`,
  ],
  [
    spec({ addresses: '[10.99.0.11/24, 10.99.0.12/25, "fd00:99::11/64", "fd00:99::12/64"]' }, ', replicas: 2'),
    `\`${PATH}.addresses[1]\` must lie in "10.99.0.0/24", as \`${PATH}.addresses[0]\` does, not "10.99.0.12/25"`,
  ],
  [
    spec({ addresses: '[10.99.0.11/24, 10.99.0.12/24, "fd00:99::11/64"]' }),
    `\`${PATH}.addresses\` must have an IPv4 address, and has 2: \`spec.subnets\` has an IPv4 subnet`,
  ],
  [
    spec({ addresses: '[192.168.0.11/16, "fd00:99::11/64"]', gateways: '[192.168.0.1, "fd00:99::1"]' }),
    `\`${PATH}.addresses[0]\` is "192.168.0.11/16" and must lie in a network that does not overlap \`spec.subnets[0]\`, which is "192.168.50.0/24": clients would look for an address in both among themselves`,
  ],
  [
    spec({ attachment: '{name: one}' }),
    `\`${PATH}.attachment.name\` is "one" and must name another network: that is the attachment of this network itself`,
  ],
])('%s is not', (text, ...expected) => {
  expect(messages(text)).toEqual(expected);
});

test('attachment, addresses and gateways are required', () => {
  const text = '{gateway: {egress: {type: Network, network: {}}}}';
  expect(messages(text).map((message) => message.split(' ')[0])).toEqual([
    `\`${PATH}.attachment\``,
    `\`${PATH}.addresses\``,
    `\`${PATH}.gateways\``,
  ]);
});
