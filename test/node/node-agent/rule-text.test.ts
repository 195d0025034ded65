import { expect, test } from 'vitest';
import {
  chainsIn,
  hasAllRules,
  markOf,
  ownTables,
  questionsOf,
  tablesOf,
} from '../../../fn/node/node-agent/rule-text.ts';

const RULES = `add table inet gwn_vpn
delete table inet gwn_vpn
table inet gwn_vpn {
	set allowed {
		type ipv4_addr
	}
	chain input {
		type filter hook input priority filter - 10; policy accept;
		iifname "gwvpn" counter drop comment "to-node"
	}
	chain forward { }
}
add table bridge gwn_vpn
table bridge gwn_vpn {
	map verdicts {
	}
	chain forward {
		jump chain
	}
}
`;

test('nft is asked about chains, sets and maps one by one', () => {
  expect(questionsOf(RULES)).toEqual([
    'list set inet gwn_vpn allowed',
    'list chain inet gwn_vpn input',
    'list chain inet gwn_vpn forward',
    'list map bridge gwn_vpn verdicts',
    'list chain bridge gwn_vpn forward',
  ]);
});

test('tables are those that a text declares, not what it adds and deletes', () => {
  expect(tablesOf(RULES)).toEqual([
    { family: 'inet', name: 'gwn_vpn' },
    { family: 'bridge', name: 'gwn_vpn' },
  ]);
});

test('tables of a network bear its name, or that and what comes behind an underscore', () => {
  const listing =
    'table inet gwn_vpn\ntable ip filter\ntable bridge gwn_vpn_ports\ntable inet gwn_vpn2\ntable inet gwn_vp\ntable arp gwn_vpn';
  expect(ownTables(listing, 'gwn_vpn').map(({ family, name }) => `${family} ${name}`)).toEqual([
    'inet gwn_vpn',
    'bridge gwn_vpn_ports',
    'arp gwn_vpn',
  ]);
});

const TABLES = [{ family: 'inet', name: 'gwn_vpn' }];
const LISTING = `table inet gwn_vpn {
	chain input {
		iif "cali1" drop
	}

	chain forward {
		ip saddr { 10.0.0.1, 10.0.0.2 } drop
	}
}
`;
const CHAINS = `	chain input {
		iif "cali1" drop
	}
	chain forward {
		ip saddr { 10.0.0.1, 10.0.0.2 } drop
	}`;

test('the chains of tables are those that nft lists of them, all at once or one by one', () => {
  expect(chainsIn(LISTING, TABLES)).toBe(CHAINS);
  const [input = '', forward = ''] = LISTING.split('\n\n');
  const answer = `${input}\n}\ntable inet gwn_vpn2 {\n${forward}table inet gwn_vpn {\n${forward}`;
  expect(chainsIn(answer, TABLES)).toBe(CHAINS);
  expect(chainsIn('Error: No such file or directory\nlist chain inet gwn_vpn forward\n', TABLES)).toBe('');
});

test('what was loaded is told by a chain that does not tell of itself', () => {
  const mark = markOf(RULES, CHAINS);
  expect(mark).toMatch(/^as_loaded_[\da-f]{16}$/);
  const marked = LISTING.replace(/\}\n$/, `\n\tchain ${mark} {\n\t}\n}\n`);
  expect(marked).toContain(mark);
  expect(chainsIn(marked, TABLES)).toBe(CHAINS);
  expect(markOf(`${RULES}\n`, CHAINS)).toBe(mark);
  expect(markOf(RULES, CHAINS.replace('drop', 'accept'))).not.toBe(mark);
  expect(markOf(RULES.replace('gwvpn', 'gwvpn2'), CHAINS)).not.toBe(mark);
});

test('chains have all rules where they have as many as the text', () => {
  const text = `add table inet gwn_vpn
delete table inet gwn_vpn
table inet gwn_vpn {
	chain input {
		iif 7 drop
	}
	chain forward {
		ip saddr { 10.0.0.1, 10.0.0.2 } drop
	}
}
`;
  expect(hasAllRules(text, CHAINS)).toBe(true);
  expect(hasAllRules(text, CHAINS.replace('\t\tiif "cali1" drop\n', ''))).toBe(false);
  expect(hasAllRules(text, CHAINS.replace(/\tchain input[^]*?\t}\n/, ''))).toBe(false);
  expect(hasAllRules(text, '')).toBe(false);
});
