import { existsSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { createNode, link, OVERLAY } from './node.ts';
import { ask, envText, type Values, writeConfig, type Program } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

const INTERFACE = 'must be an interface name: 1 to 15 of A-Z a-z 0-9 . _ -, but is';

/** Values that differ from good ones, and the one line that they give. */
const BAD: readonly [Values, string][] = [
  [{ NETWORK: undefined }, 'network.env: NETWORK is missing'],
  [{ NETWORK: 'a/b/c' }, "network.env: NETWORK must be namespace/name or a name, made of a-z 0-9 . -, but is 'a/b/c'"],
  [
    { NETWORK: 'egress vpn' },
    "network.env: NETWORK must be namespace/name or a name, made of a-z 0-9 . -, but is 'egress vpn'",
  ],
  [{ IPTABLES_LEGACY: 'Yes' }, "network.env: IPTABLES_LEGACY must be one of Report Manage, but is 'Yes'"],
  [
    { METRICS_FILE: 'vpn.prom' },
    "network.env: METRICS_FILE must be an absolute path of A-Z a-z 0-9 . _ - / that ends with .prom, but is 'vpn.prom'",
  ],
  [{ BRIDGE: 'longer-than-15-b' }, `network.env: BRIDGE ${INTERFACE} 'longer-than-15-b'`],
  [{ BRIDGE: 'a b' }, `network.env: BRIDGE ${INTERFACE} 'a b'`],
  [{ BRIDGE: '' }, `network.env: BRIDGE ${INTERFACE} ''`],
  [{ VXLAN: '-x' }, `network.env: VXLAN ${INTERFACE} '-x'`],
  [{ UNDERLAY_INTERFACE: 'eth0;id' }, `network.env: UNDERLAY_INTERFACE ${INTERFACE} 'eth0;id'`],
  [{ MTU: 67 }, "network.env: MTU must be a number from 68 to 65535, but is '67'"],
  [{ MTU: '1e3' }, "network.env: MTU must be a number from 68 to 65535, but is '1e3'"],
  [{ MTU: '01450' }, "network.env: MTU must be a number from 68 to 65535, but is '01450'"],
  [{ VNI: 16777216 }, "network.env: VNI must be a number from 1 to 16777215, but is '16777216'"],
  [
    { VNI: '99999999999999999999' },
    "network.env: VNI must be a number from 1 to 16777215, but is '99999999999999999999'",
  ],
  [{ PORT: 0 }, "network.env: PORT must be a number from 1 to 65535, but is '0'"],
  [{ UNDERLAY_FAMILY: 'IPv5' }, "network.env: UNDERLAY_FAMILY must be one of IPv4 IPv6, but is 'IPv5'"],
  [{ FLOODING: 'IPv4' }, "network.env: FLOODING must be one of Discovered Listed Multicast, but is 'IPv4'"],
  [{ PEERS: '' }, "network.env: PEERS must be a list of IP addresses, but is ''"],
  [
    { PEERS: '172.18.0.12 172.18.0' },
    "network.env: PEERS must be a list of IP addresses, but is '172.18.0.12 172.18.0'",
  ],
  [{ PEERS: '172.18.0.256' }, "network.env: PEERS must be a list of IP addresses, but is '172.18.0.256'"],
  [{ PEERS: '*' }, "network.env: PEERS must be a list of IP addresses, but is '*'"],
  [{ PEERS: '172.18.0.12 fd00::1' }, "network.env: PEERS must be of the family IPv4, but has 'fd00::1'"],
  [{ PEERS: undefined }, 'network.env: PEERS is missing'],
  [{ MTU: undefined }, 'network.env: MTU is missing'],
  [{ VNI: undefined }, 'network.env: VNI is missing'],
  [{ FLOODING: 'Discovered' }, 'network.env: PEERS_SERVICE is missing'],
  [{ FLOODING: 'Multicast', TTL: 1 }, 'network.env: GROUP is missing'],
  [{ FLOODING: 'Multicast', GROUP: '239.1.1.1' }, 'network.env: TTL is missing'],
  [
    { FLOODING: 'Multicast', GROUP: 'ff05::1', TTL: 1 },
    "network.env: GROUP must be of the family IPv4, but has 'ff05::1'",
  ],
  [{ PEERS_SERVICE: '$(reboot)' }, "network.env: PEERS_SERVICE must be made of A-Z a-z 0-9 . _ -, but is '$(reboot)'"],
  [{ SNAT_CHAIN: 'KIND-MASQ-AGENT' }, 'network.env: SUBNETS is missing'],
  [{ SNAT_CHAIN: '-F' }, "network.env: SNAT_CHAIN must be made of A-Z a-z 0-9 . _ -, but is '-F'"],
  [{ SUBNETS: '10.0.0.0' }, "network.env: SUBNETS must be a list of address/prefix, but is '10.0.0.0'"],
  [{ SUBNETS: '10.0.0.0/129' }, "network.env: SUBNETS must be a list of address/prefix, but is '10.0.0.0/129'"],
  [{ NOTHING: 1 }, 'network.env: NOTHING is not a key that is known'],
  [{ 'BRIDGE ': 'gwvpn' }, 'network.env: BRIDGE  is not a key that is known'],
];

describeInNamespaces('values that cannot be used', () => {
  let node: Program;

  beforeAll(() => {
    node = createNode();
  });
  it.each(BAD)('give one line that says why: %o', (values, line) => {
    writeConfig(node, 'network.env', envText({ ...OVERLAY, ...values }));
    expect(ask(node, 'down')).toEqual({ status: 1, output: line });
  });

  it('are never run', () => {
    const bait = `${node.directory}/bait`;
    for (const value of [`$(touch ${bait})`, `\`touch ${bait}\``, `x;touch ${bait}`, `'; touch ${bait}; '`]) {
      for (const key of [...Object.keys(OVERLAY), value]) {
        writeConfig(node, 'network.env', envText({ ...OVERLAY, [key]: value }));
        expect(ask(node, 'down').status).toBe(1);
      }
    }
    expect(existsSync(bait)).toBe(false);
  });

  it('are told from a file that is not there and from an address that is not given', () => {
    expect(ask({ ...node, environment: { CONFIG_DIR: '/nowhere' } }, 'down').output).toBe(
      'network.env cannot be read in /nowhere',
    );
    writeConfig(node, 'network.env', envText(OVERLAY));
    expect(ask({ ...node, environment: { HOST_IP: '172.18.0.11' } }, 'down').output).toBe(
      "POD_NAME must be the name of the agent's pod, made of A-Z a-z 0-9 . _ -, but is ''",
    );
    expect(ask({ ...node, environment: { HOST_IP: 'node-1', POD_NAME: 'agent-a' } }, 'down').output).toBe(
      "HOST_IP must be the node's IP address, but is 'node-1'",
    );
  });

  it('change nothing on the node', () => {
    expect(link(node, 'gwvpn')).toBe('absent');
  });
});
