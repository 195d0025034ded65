import { expect, it, test } from 'vitest';
import { messages, proposals } from '../networks.ts';

it.each([
  '{mtu: 1450, overlay: {vni: 7}}',
  '{mtu: 1430, overlay: {vni: 7, underlay: {family: IPv6}}}',
  '{mtu: 8950, overlay: {vni: 7, underlay: {mtu: 9000}}}',
  '{mtu: 9000}',
  '{mtu: 1280, subnets: ["fd00::/64"]}',
  '{mtu: 68, unservedFamily: Bypass}',
  '{overlay: {vni: 7, underlay: {mtu: 1330}}}',
  '{overlay: {vni: 7, underlay: {mtu: 118}}, unservedFamily: Bypass}',
])('%s is fine', (spec) => {
  expect(messages(spec)).toEqual([]);
});

it.each([
  [
    '{mtu: 1451, overlay: {vni: 7}}',
    '`spec.mtu` must be at most 1450, not "1451": `spec.overlay.underlay.mtu` is 1500, less 50 bytes for VXLAN over IPv4',
  ],
  [
    '{mtu: 9000, overlay: {vni: 7, underlay: {family: IPv6, mtu: 9000}}}',
    '`spec.mtu` must be at most 8930, not "9000": `spec.overlay.underlay.mtu` is 9000, less 70 bytes for VXLAN over IPv6',
  ],
  [
    '{mtu: 1279, subnets: [192.168.50.0/24, "fd00::/64"], unservedFamily: Bypass}',
    '`spec.mtu` must be at least 1280, not "1279": "fd00::/64" is IPv6, which needs 1280 bytes (RFC 8200)',
  ],
  [
    '{mtu: 1279}',
    '`spec.mtu` must be at least 1280, not "1279": IPv6 is routed into the network to be blocked there, which needs 1280 bytes (RFC 8200)',
  ],
  [
    '{overlay: {vni: 7, underlay: {mtu: 1349, family: IPv6}}, subnets: ["fd00::/64"]}',
    '`spec.overlay.underlay.mtu` must be at least 1350, not "1349": VXLAN over IPv6 takes 70 bytes of it, and "fd00::/64" is IPv6, which needs 1280 bytes (RFC 8200)',
  ],
  [
    '{overlay: {vni: 7, underlay: {mtu: 117}}, unservedFamily: Bypass}',
    '`spec.overlay.underlay.mtu` must be at least 118, not "117": VXLAN over IPv4 takes 50 bytes of it, and IPv4 needs 68 bytes (RFC 791)',
  ],
  [
    '{mtu: 1200, overlay: {vni: 7, underlay: {mtu: 1200}}}',
    '`spec.overlay.underlay.mtu` must be at least 1330, not "1200": VXLAN over IPv4 takes 50 bytes of it, and IPv6 is routed into the network to be blocked there, which needs 1280 bytes (RFC 8200)',
  ],
])('%s is not', (spec, message) => {
  expect(messages(spec)).toEqual([message]);
});

test('the largest is proposed', () => {
  expect(proposals('{mtu: 1500, overlay: {vni: 7}}')).toEqual({ 'spec.mtu': 1450 });
});
