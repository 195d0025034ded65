import { describe, expect, test } from 'vitest';
import { networksIn, statusOf } from '../../fn/status/status.ts';
import { addressIn, numberIn, prefixOf, testRange } from '../../fn/verify/range.ts';
import { subjectOf } from '../../fn/verify/subject.ts';
import { healthy, NETWORK, NOW } from '../status/healthy.ts';

/** What is tested of an example that is well. */
function subject(name = 'multi-node', fields: Readonly<Record<string, unknown>> = {}) {
  const observation = healthy(name, fields);
  const [network = NETWORK] = networksIn(observation);
  return subjectOf(statusOf(network, observation, NOW), observation);
}

describe('what is tested', () => {
  test('is all that the objects of the network tell', () => {
    const image = 'ghcr.io/gateway-network-fn/gateway-network-node:v0.1.0';
    expect(subject('multi-node', { images: { node: image } })).toEqual({
      subject: {
        ...NETWORK,
        attachment: 'egress/vpn',
        image,
        nodes: ['node1', 'node2'],
        gateways: ['192.168.50.1'],
        mtu: 1450,
        limits: expect.objectContaining({ interface: 'eth0', IPv6: ['fc00::/7', 'fe80::/10', 'ff00::/8'] }),
        isolated: false,
        resolver: undefined,
        egress: 'ClusterNetwork',
        egressAddresses: [],
        active: { pod: 'vpn-router-0-node1', node: 'node1' },
      },
    });
  });

  test.each([
    ['isolated clients', 'multi-node', { clientIsolation: 'Enabled' }, { isolated: true }],
    ['a tunnel', 'vpn-wireguard', {}, { egress: 'VPN', egressAddresses: [] }],
    ['a VLAN', 'ha-vlan-conntrack', {}, { egress: 'Network', egressAddresses: ['10.99.0.50', 'fd00:99::50'] }],
  ])('with %s', (_, name, fields, expected) => {
    expect(subject(name, fields)).toMatchObject({ subject: expected });
  });

  test('begins with the node of the active router', () => {
    const observation = healthy();
    const pods = observation.pods.map((pod) =>
      pod.metadata?.name?.includes('router') === true && pod.spec
        ? { ...pod, spec: { ...pod.spec, nodeName: 'node2' } }
        : pod,
    );
    const moved = { ...observation, pods };
    expect(subjectOf(statusOf(NETWORK, moved, NOW), moved)).toMatchObject({
      subject: { nodes: ['node2', 'node1'], active: { node: 'node2' } },
    });
  });

  test('is not a network whose objects are not there', () => {
    const observation = healthy();
    const without = (part: Partial<typeof observation>) => {
      const rest = { ...observation, ...part };
      return subjectOf(statusOf(NETWORK, rest, NOW), rest);
    };
    expect(without({ deployments: [] })).toEqual({
      refusal: 'the network egress/vpn has no router: apply all manifests',
    });
    expect(without({ configMaps: [] })).toEqual({
      refusal: 'the network egress/vpn cannot be read: a ConfigMap is missing; test it with the release that it is of',
    });
    const newer = observation.configMaps.map((one) => ({
      ...one,
      data: { ...one.data, 'config.json': (one.data?.['config.json'] ?? '').replace('"version": 1', '"version": 2') },
    }));
    expect(without({ configMaps: newer })).toEqual({
      refusal:
        'the network egress/vpn cannot be read: config.json: version must be 1, but is 2; test it with the release that it is of',
    });
    expect(without({ attachments: [] })).toEqual({
      refusal: 'the network egress/vpn has no NetworkAttachmentDefinition with a pool: pods of a test need one',
    });
  });
});

describe('addresses that packets are sent to', () => {
  const limits = (IPv4: string[], IPv6: string[] = []) => ({
    limits: { interface: 'eth0', IPv4, IPv6, replies: false },
    gateways: [],
  });

  test.each([
    [['10.0.0.0/8'], 'c00002'],
    [['192.0.2.0/24'], 'c63364'],
    [['192.0.0.0/16', '198.51.0.0/16'], 'cb0071'],
    [['0.0.0.0/0'], undefined],
  ])('are outside of %s', (allowed, prefix) => {
    const { IPv4 } = testRange(limits(allowed), 1);
    expect(IPv4 && prefixOf(IPv4)).toBe(prefix);
  });

  test('have numbers, and in IPv6 a network of the test', () => {
    const range = testRange(limits([]), 0xaabbccdd);
    const { IPv4, IPv6 } = range;
    if (IPv4 === undefined || IPv6 === undefined) throw new Error('a family has no range');
    expect(prefixOf(IPv6)).toBe('20010db8aabbccdd');
    expect([IPv4, IPv6].map((cidr) => addressIn(cidr, 7))).toEqual(['192.0.2.7', '2001:db8:aabb:ccdd::7']);
    expect(['192.0.2.7', '2001:db8:aabb:ccdd::7', '192.0.3.7'].map((text) => numberIn(range, text))).toEqual([
      7,
      7,
      undefined,
    ]);
    expect(testRange(limits([], ['2001:db8::/32']), 1).IPv6).toBeUndefined();
  });

  test('are of no family that the network leaves alone', () => {
    const alone = { limits: { interface: 'eth0', IPv4: [], replies: false }, gateways: ['192.168.50.1'] };
    expect(Object.entries(testRange(alone, 1)).filter(([, cidr]) => cidr)).toMatchObject([['IPv4', {}]]);
    const withoutAgents = { limits: undefined, gateways: ['fd00:50::1'] };
    expect(Object.entries(testRange(withoutAgents, 1)).filter(([, cidr]) => cidr)).toMatchObject([['IPv6', {}]]);
  });
});
