import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Manifest } from '../../fn/changes/manifest.ts';
import { explain } from '../../fn/explain/explain.ts';
import { type Packet, PROTOCOLS } from '../../fn/explain/packet.ts';
import { type Address, formatAddress } from '../../fn/net/address.ts';
import { containsAddress } from '../../fn/net/cidr.ts';
import type { Destination } from '../../fn/plan/gateway-plan.ts';
import type { LocatedPlan } from '../../fn/plan/network-plan.ts';
import { render } from '../../fn/render/render.ts';
import { planOf } from '../plan/network.ts';
import { firewallSpec } from '../render/firewall-specs.ts';

const address: fc.Arbitrary<Address> = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((value) => ({ family: 'IPv4' as const, value })),
  fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((value) => ({ family: 'IPv6' as const, value })),
);
const packet: fc.Arbitrary<Packet> = fc
  .tuple(address, fc.constantFrom(...PROTOCOLS), fc.integer({ min: 1, max: 65535 }))
  .map(([destination, protocol, port]) => ({ destination, protocol, ...(protocol !== 'ICMP' && { port }) }));

function isListed(list: readonly Destination[], { destination, protocol, port }: Packet): boolean {
  return list.some(
    ({ cidrs, protocol: wanted, ports }) =>
      (cidrs.length === 0 || cidrs.some((cidr) => containsAddress(cidr, destination))) &&
      (wanted === 'Any' || wanted === protocol) &&
      (ports.length === 0 || ports.some(({ first, last }) => port !== undefined && first <= port && port <= last)),
  );
}

/** What the plan means, without the rules and routes that are made of it. */
function expected(plan: LocatedPlan, one: Packet): string {
  if (plan.subnets.some(({ cidr }) => containsAddress(cidr, one.destination))) return 'on the network';
  if (plan.unroutedCidrs.some((cidr) => containsAddress(cidr, one.destination))) return 'primary';
  const routes = plan.clientRoutes.filter(({ destination }) => containsAddress(destination, one.destination));
  if (routes.length === 0) return 'primary';
  const { deny, allow } = plan.firewall;
  if (isListed(deny, one)) return 'dropped';
  return allow.length === 0 || isListed(allow, one) ? 'gateway' : 'dropped';
}

test('routes and rules lead every packet where the plan says', () => {
  fc.assert(
    fc.property(firewallSpec, fc.array(packet, { minLength: 8, maxLength: 8 }), (spec, packets) => {
      const plan = planOf(spec);
      const manifests = render(plan) as readonly Manifest[];
      // Addresses of the lists themselves, too, which chance does not find.
      const near = [...plan.firewall.deny, ...plan.firewall.allow].flatMap(({ cidrs, ports: [run] }) =>
        cidrs.map(({ family, base }) => ({
          destination: { family, value: base },
          protocol: 'TCP' as const,
          port: run?.first ?? 1,
        })),
      );
      for (const one of [...packets, ...near]) {
        const [explanation] = explain(manifests, [], one, true);
        const outcome = expected(plan, one);
        if (outcome === 'on the network') continue;
        expect([formatAddress(one.destination), explanation?.outcome]).toEqual([
          formatAddress(one.destination),
          outcome,
        ]);
      }
    }),
    { numRuns: 15 },
  );
});

test('without a protocol, each part of what is said holds for a packet that it is about', () => {
  fc.assert(
    fc.property(firewallSpec, address, (spec, destination) => {
      const manifests = render(planOf(spec)) as readonly Manifest[];
      const outcomes = PROTOCOLS.flatMap((protocol) =>
        (protocol === 'ICMP' ? [undefined] : [1, 443, 65535]).map((port) => {
          const one = { destination, protocol, ...(port !== undefined && { port }) };
          return explain(manifests, [], one, true)[0]?.outcome;
        }),
      );
      const [all] = explain(manifests, [], { destination }, true);
      if (all?.outcome !== 'depends') expect(new Set(outcomes)).toEqual(new Set([all?.outcome]));
    }),
    { numRuns: 15 },
  );
});
