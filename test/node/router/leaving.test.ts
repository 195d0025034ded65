import { expect, test } from 'vitest';
import { leavingAddresses } from '../../../fn/node/router/leaving.ts';

/** What nft 1.1.3 lists, and what ip(8) shows. */
const table = (...rules: readonly string[]) =>
  `table inet gateway {\n\tchain postrouting {\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n}\n`;
const MASQUERADE = table(
  'oifname "net2" ip saddr 192.168.50.0/24 masquerade',
  'oifname "net2" ip6 saddr fd00:50::/64 masquerade',
);
const SHARED = table('oifname "net2" ip saddr 192.168.50.0/24 snat ip to 10.99.0.50');
const LINK = {
  addr_info: [
    { family: 'inet', local: '10.99.0.11', scope: 'global' },
    { family: 'inet', local: '10.99.0.50', scope: 'global' },
    { family: 'inet6', local: 'fe80::1', scope: 'link' },
    { family: 'inet6', local: 'fd00:99::11', scope: 'global' },
  ],
};

test.each([
  ['the first of each family, where rules name none', MASQUERADE, 'net2', LINK, ['10.99.0.11', 'fd00:99::11']],
  ['that of the rule', SHARED, 'net2', LINK, ['10.99.0.50']],
  ['none as long as another router has that', SHARED, 'net2', { addr_info: LINK.addr_info.slice(0, 1) }, []],
  ['none without rules', '', 'net2', LINK, []],
  ['none by another interface', MASQUERADE, 'eth0', LINK, []],
  ['none where the interface is gone', MASQUERADE, 'net2', undefined, []],
])('clients leave by %s', (_, listing, device, link, expected) =>
  expect(leavingAddresses(listing, device, link)).toEqual(expected),
);
