import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { nodeRules } from '../../fn/render/node-rules.ts';
import { routerRules } from '../../fn/render/router-rules.ts';
import { missingFor } from '../agent/requirements.ts';
import { planOf } from '../plan/network.ts';
import { describeNeeding } from '../tools/needs.ts';

/** Loads rules twice into a network namespace of their own, and lists what the kernel then has. */
function load(rules: string) {
  return spawnSync(
    'unshare',
    ['-n', 'sh', '-c', 'printf "%s" "$RULES" | nft -f - && printf "%s" "$RULES" | nft -f - && nft list ruleset'],
    {
      env: { ...process.env, RULES: rules },
      encoding: 'utf8',
    },
  );
}

describeNeeding('the kernel takes the rules', missingFor(['nft', 'unshare']), () => {
  test.each([
    ['of a node', nodeRules(planOf('{subnets: [192.168.50.0/24]}')), 'iifname "br-vpn-'],
    [
      'of a node in a long namespace',
      nodeRules(planOf('{subnets: [10.0.0.0/24]}', { name: 'a-b', namespace: 'n'.repeat(63) })),
      `table arp gwn_${'n'.repeat(63)}.a-b`,
    ],
    [
      'of a node with isolated clients',
      nodeRules(planOf('{subnets: [192.168.50.0/24, "fd00::/64"], clientIsolation: Enabled}')),
      'comment "client-isolation"',
    ],
    ['of an IPv4 router', routerRules(planOf('{subnets: [192.168.50.0/24]}')), 'masquerade'],
    [
      'of a dual-stack router',
      routerRules(planOf('{subnets: [192.168.50.0/24, "fd00::/64"]}')),
      'ip6 saddr fd00::/64 masquerade',
    ],
    [
      'of a router whose cluster networks overlap',
      routerRules(planOf('{subnets: [192.168.50.0/24], cluster: {cidrs: [10.0.0.0/8, 10.244.0.0/16]}}')),
      '10.0.0.0/8',
    ],
    [
      'of a router with forwards and a resolver',
      routerRules(
        planOf(`{subnets: [192.168.50.0/24, "fd00:50::/64"], clients: [{names: [a], dns: Gateway}], gateway: {
          portForwards: [{protocol: TCP, port: 443, targetPort: 8443, to: {addresses: [192.168.50.99, "fd00:50::63"]}}],
          dns: {upstreams: [203.0.113.53, "2001:db8::53"]},
          egress: {type: VPN, vpn: {type: WireGuard, wireGuard: {secretName: tunnel}}}}}`),
      ),
      'tcp dport 443 dnat ip6 to [fd00:50::63]:8443',
    ],
  ])('%s, once and again', (_, rules, expected) => {
    const { status, stdout, stderr } = load(rules);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain(expected);
    expect(stdout.match(/type filter hook forward/g)).toHaveLength(rules.match(/hook forward/g)?.length ?? 0);
  });
});
