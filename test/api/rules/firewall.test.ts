import { expect, it, test } from 'vitest';
import { messages, proposals } from '../networks.ts';

const PATH = 'spec.gateway.firewall';

it.each([
  'allow: [{cidrs: [203.0.113.0/24, "2001:db8::/32"], protocol: TCP, ports: [443, 8000-8999, "53"]}]',
  'deny: [{protocol: ICMP}, {protocol: SCTP}, {cidrs: [0.0.0.0/0]}], allow: [{protocol: UDP, ports: [1, 65535]}]',
])('%s is fine', (lists) => {
  expect(messages(`{gateway: {firewall: {${lists}}}}`)).toEqual([]);
});

it.each([
  [
    'deny: [{}]',
    `\`${PATH}.deny[0]\` must have \`cidrs\`, \`protocol\` or \`ports\`, not "{}": an empty entry matches everything; for that write \`cidrs: ["0.0.0.0/0", "::/0"]\``,
  ],
  [
    'allow: [{cidrs: [203.0.113.10]}]',
    `\`${PATH}.allow[0].cidrs[0]\` must be a network in CIDR notation, such as "203.0.113.0/24", or "203.0.113.10/32" for one address, not "203.0.113.10"`,
  ],
  [
    'allow: [{cidrs: [203.0.113.10/24]}]',
    `\`${PATH}.allow[0].cidrs[0]\` must be "203.0.113.0/24", not "203.0.113.10/24": the bits behind the prefix are zero in a network`,
  ],
  [
    'deny: [{ports: [25]}]',
    `\`${PATH}.deny[0].protocol\` must be "TCP", "UDP" or "SCTP" where there are \`${PATH}.deny[0].ports\``,
  ],
  [
    'deny: [{protocol: ICMP, ports: [8]}]',
    `\`${PATH}.deny[0].protocol\` must be "TCP", "UDP" or "SCTP" where there are \`${PATH}.deny[0].ports\`, not "ICMP"`,
  ],
  ...['0', '65536', '"90-80"', '"80,90"', '"http"', '"0-7"', '""', '-1'].map((port) => [
    `allow: [{protocol: TCP, ports: [443, ${port}]}]`,
    `\`${PATH}.allow[0].ports[1]\` must be a port from 1 to 65535, or an ascending range such as "8000-8999", not "${port.replaceAll('"', '')}"`,
  ]),
])('%s is not', (lists, message) => {
  expect(messages(`{gateway: {firewall: {${lists}}}}`)).toEqual([message]);
});

test('the network that was meant is proposed', () => {
  expect(proposals('{gateway: {firewall: {deny: [{cidrs: ["2001:db8::1/32"]}]}}}')).toEqual({
    [`${PATH}.deny[0].cidrs[0]`]: '2001:db8::/32',
  });
});
