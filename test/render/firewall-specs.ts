import fc from 'fast-check';

const port = fc.integer({ min: 1, max: 65535 });
const ports = fc.oneof(
  port,
  port.map(String),
  fc.tuple(port, port).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
);
const ipv4 = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }))
  .map(([value, length]) => {
    const base = length === 0 ? 0 : (value & (-1 << (32 - length))) >>> 0;
    return `${[24, 16, 8, 0].map((shift) => (base >>> shift) & 255).join('.')}/${length}`;
  });
const ipv6 = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 0xffff }), { minLength: 0, maxLength: 7 }))
  .map(([groups]) => `${groups.map((group) => group.toString(16)).join(':')}::/${groups.length * 16}`);
const cidrs = fc.array(fc.oneof(ipv4, ipv6), { minLength: 1, maxLength: 8 });
const entry = fc.oneof(
  fc.record({ cidrs }),
  fc.record({ protocol: fc.constantFrom('TCP', 'UDP', 'SCTP', 'ICMP') }),
  fc.record({ cidrs, protocol: fc.constantFrom('TCP', 'UDP', 'SCTP', 'ICMP') }),
  fc.record({
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
    ports: fc.array(ports, { minLength: 1, maxLength: 8 }),
  }),
  fc.record({
    cidrs,
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
    ports: fc.array(ports, { minLength: 1, maxLength: 8 }),
  }),
);
const list = fc.array(entry, { minLength: 1, maxLength: 6 });
const firewall = fc.record({ allow: list, deny: list }, { requiredKeys: [] });

/** A spec with any lists, as JSON: of both families, with an egress by the primary or another network. */
export const firewallSpec = fc.tuple(firewall, fc.boolean()).map(([lists, isForeign]) => {
  const network = {
    attachment: { name: 'vlan99' },
    addresses: ['10.99.0.11/24', 'fd00:99::11/64'],
    gateways: ['10.99.0.1', 'fd00:99::1'],
  };
  const egress = isForeign ? { egress: { type: 'Network', network } } : {};
  return JSON.stringify({
    subnets: ['192.168.50.0/24', 'fd00:50::/64'],
    overlay: { vni: 7 },
    gateway: { firewall: lists, ...egress },
  });
});
