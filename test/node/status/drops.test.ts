import { expect, test } from 'vitest';
import { dropsIn } from '../../../fn/node/status/drops.ts';

test('drops are summed up by their reason, of our tables alone', () => {
  const listing = `table inet gwn_vpn {
	chain input {
		iifname "gwvpn" counter packets 12 bytes 840 drop comment "to-node"
		iifname "gwvpn" counter packets 5 bytes 840 accept comment "kept"
		counter packets 0 bytes 0 drop comment "never"
	}
}
table bridge gwn_vpn_ports {
	chain given {
		iifname . ether saddr != { "veth1" . 02:00:00:00:00:11 } counter packets 3 bytes 12 drop comment "to-node"
		counter packets 4 bytes 160 reject with tcp reset comment "refused"
	}
}
table ip filter {
	chain FORWARD {
		counter packets 99 bytes 1 drop comment "others"
	}
}
`;
  expect([...dropsIn(listing, 'gwn_')]).toEqual([
    ['to-node', 15],
    ['never', 0],
    ['refused', 4],
  ]);
});
