import { describe, expect, test } from 'vitest';
import {
  type ChainConfig,
  chainOf,
  chainQuestions,
  type ChainRule,
  chainRules,
  insertions,
  missingChains,
  printRule,
  removals,
  tidying,
  toolsOf,
} from '../../../fn/node/node-agent/chain-rules.ts';

const CONFIG: ChainConfig = { network: 'egress/vpn', bridge: 'gwvpn', iptablesLegacy: 'Report' };
const SNAT: ChainConfig = { ...CONFIG, snat: { chain: 'MASQ', subnets: ['192.168.50.0/24', 'fd00:50::/64'] } };
const LEGACY = new Set(['iptables-legacy filter', 'ip6tables-legacy filter', 'iptables-legacy nat']);
const NONE = new Set<string>();
const MARK = '-m comment --comment "gateway-network egress/vpn';
const FORWARD = `-A FORWARD -i gwvpn -o gwvpn ${MARK}: bridged, not forwarded" -j ACCEPT`;
const RETURN = `-A MASQ -s 192.168.50.0/24 ${MARK}: keeps its source address" -j RETURN`;
const RETURN6 = `-A MASQ -s fd00:50::/64 ${MARK}: keeps its source address" -j RETURN`;

const shown = (rules: readonly ChainRule[]) => rules.map((rule) => `${rule.tool} ${rule.table}: ${printRule(rule)}`);

test('the bridge is accepted by both families, and the subnets return early where that is asked for', () => {
  expect(shown(chainRules(CONFIG, NONE))).toEqual([
    `iptables-nft filter: ${FORWARD}`,
    `ip6tables-nft filter: ${FORWARD}`,
  ]);
  expect(shown(chainRules(SNAT, NONE)).slice(2)).toEqual([
    `iptables-nft nat: ${RETURN}`,
    `ip6tables-nft nat: ${RETURN6}`,
  ]);
});

test('iptables-legacy has them too where it is used and ours to manage', () => {
  expect(shown(chainRules(SNAT, LEGACY))).toHaveLength(4);
  expect(shown(chainRules({ ...SNAT, iptablesLegacy: 'Manage' }, LEGACY))).toEqual([
    `iptables-nft filter: ${FORWARD}`,
    `iptables-legacy filter: ${FORWARD}`,
    `ip6tables-nft filter: ${FORWARD}`,
    `ip6tables-legacy filter: ${FORWARD}`,
    `iptables-nft nat: ${RETURN}`,
    `iptables-legacy nat: ${RETURN}`,
    `ip6tables-nft nat: ${RETURN6}`,
  ]);
  expect(toolsOf('IPv6', 'nat', { ...SNAT, iptablesLegacy: 'Manage' }, LEGACY)).toEqual(['ip6tables-nft']);
});

test('nft is asked about the chains that it knows of', () => {
  expect(chainQuestions(chainRules({ ...SNAT, iptablesLegacy: 'Manage' }, LEGACY))).toEqual([
    'list chain ip filter FORWARD',
    'list chain ip6 filter FORWARD',
    'list chain ip nat MASQ',
    'list chain ip6 nat MASQ',
  ]);
});

describe('in a chain of others', () => {
  const [accept, accept6] = chainRules(CONFIG, NONE) as [ChainRule, ChainRule];
  const [, , back] = chainRules(SNAT, NONE) as [ChainRule, ChainRule, ChainRule];
  const inserted = (rule: ChainRule, listing: string | undefined) =>
    insertions([rule], new Map([[chainOf(rule), listing]])).map(
      ({ what, command }) => `${what} | ${command.join(' ')}`,
    );

  test.each([
    ['-P FORWARD DROP', true],
    ['-P FORWARD DROP\n-A FORWARD -j OTHERS', true],
    ['-P FORWARD ACCEPT', false],
    ['-P FORWARD ACCEPT\n-A FORWARD -j DROP', true],
    ['-P FORWARD ACCEPT\n-A FORWARD -j REJECT --reject-with icmp-port-unreachable', true],
    ['-P FORWARD ACCEPT\n-A FORWARD -s 10.0.0.0/8 -j DROP', false],
    ['-P FORWARD ACCEPT\n-A FORWARD -i cni0 -j REJECT --reject-with icmp-port-unreachable', false],
    ['-P FORWARD ACCEPT\n-A FORWARD -j DROPPED', false],
    ['-P FORWARD ACCEPT\n-A FORWARD -j ACCEPT', false],
    [`-P FORWARD DROP\n-A FORWARD -j OTHERS\n${FORWARD}\n`, false],
    [`-P FORWARD DROP\n${FORWARD.replaceAll('gwvpn ', 'gwvpn2 ')}\n`, true],
  ])('%j, whether the bridge is accepted: %s', (listing, expected) => {
    expect(inserted(accept, listing)).toEqual(
      expected
        ? [
            'iptables-nft: rule inserted into FORWARD: gateway-network egress/vpn: bridged, not forwarded | ' +
              'iptables-nft -w 2 -t filter -I FORWARD 1 -i gwvpn -o gwvpn -m comment --comment gateway-network egress/vpn: bridged, not forwarded -j ACCEPT',
          ]
        : [],
    );
  });

  test('a subnet returns early whatever else is there', () => {
    const change =
      'iptables-nft: rule inserted into MASQ: gateway-network egress/vpn: keeps its source address | ' +
      'iptables-nft -w 2 -t nat -I MASQ 1 -s 192.168.50.0/24 -m comment --comment gateway-network egress/vpn: keeps its source address -j RETURN';
    expect(inserted(back, '-N MASQ\n-A MASQ -j MASQUERADE')).toEqual([change]);
    const first = { ...back, chain: 'POSTROUTING' };
    expect(inserted(first, '-P POSTROUTING ACCEPT\n-A POSTROUTING -j MASQUERADE')).toHaveLength(1);
    expect(inserted(back, `-N MASQ\n-A MASQ -j OTHERS\n${RETURN}`)).toEqual([]);
  });

  test('that is not there, there is no rule', () => {
    expect(inserted(back, undefined)).toEqual([]);
    expect(inserted(accept6, undefined)).toEqual([]);
  });
});

test('a chain that no tool has is told of', () => {
  const rules = chainRules({ ...SNAT, iptablesLegacy: 'Manage' }, LEGACY);
  const none = ['iptables-nft has no chain MASQ in table nat', 'ip6tables-nft has no chain MASQ in table nat'];
  expect(missingChains(rules, new Map([['iptables-nft filter FORWARD', '']]))).toEqual(none);
  for (const chain of ['iptables-nft nat MASQ', 'iptables-legacy nat MASQ'])
    expect(missingChains(rules, new Map([[chain, '-N MASQ']]))).toEqual([none[1]]);
  expect(missingChains(chainRules(CONFIG, NONE), new Map())).toEqual([]);
});

test('at the end the rules are taken away', () => {
  expect(removals(chainRules(SNAT, NONE)).map(({ what, command }) => `${what} | ${command.join(' ')}`)[2]).toBe(
    'iptables-nft: rule removed from MASQ: gateway-network egress/vpn: keeps its source address | ' +
      'iptables-nft -w 2 -t nat -D MASQ -s 192.168.50.0/24 -m comment --comment gateway-network egress/vpn: keeps its source address -j RETURN',
  );
});

test('rules of ours that are wanted no more go, and those of others stay', () => {
  const listing = [
    '-P FORWARD DROP',
    FORWARD,
    FORWARD.replaceAll('gwvpn ', 'gwold '),
    FORWARD.replace('egress/vpn', 'egress/vpn2'),
    '-A FORWARD -m comment --comment "not gateway-network egress/vpn: x" -j ACCEPT',
    RETURN,
  ];
  expect(tidying('filter', listing.join('\n'), CONFIG, chainRules(CONFIG, NONE))).toBe(
    `*filter\n-D${FORWARD.slice(2).replaceAll('gwvpn ', 'gwold ')}\n-D${RETURN.slice(2)}\nCOMMIT\n`,
  );
  expect(tidying('filter', `${FORWARD}\n`, CONFIG, chainRules(CONFIG, NONE))).toBeUndefined();
});
