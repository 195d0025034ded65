import { existsSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { ATTACHMENTS } from './guarded.ts';
import { CONFIG, configText, createNode, link } from './node.ts';
import { ask, type Program, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

const INTERFACE = 'must be an interface name: 1 to 15 of A-Z a-z 0-9 . _ -, but is';
const NAME = 'must be made of A-Z a-z 0-9 . _ -, but is';

const withOverlay = (values: object) => ({ overlay: { ...CONFIG.overlay, ...values } });

/** Values that differ from good ones, and the one line that they give. */
const BAD: readonly [object, string][] = [
  [{ network: undefined }, 'network is missing'],
  [{ network: 'a/b/c' }, 'network must be namespace/name or a name, made of a-z 0-9 . -, but is "a/b/c"'],
  [{ network: 'egress vpn' }, 'network must be namespace/name or a name, made of a-z 0-9 . -, but is "egress vpn"'],
  [{ iptablesLegacy: 'Yes' }, 'iptablesLegacy must be "Report" or "Manage", but is "Yes"'],
  [
    { metricsFile: 'vpn.prom' },
    'metricsFile must be an absolute path of A-Z a-z 0-9 . _ - / that ends with .prom, but is "vpn.prom"',
  ],
  [{ bridge: 'longer-than-15-b' }, `bridge ${INTERFACE} "longer-than-15-b"`],
  [{ bridge: 'a b' }, `bridge ${INTERFACE} "a b"`],
  [{ bridge: '' }, `bridge ${INTERFACE} ""`],
  [withOverlay({ device: '-x' }), `overlay.device ${INTERFACE} "-x"`],
  [withOverlay({ underlay: 'eth0;id' }), `overlay.underlay ${INTERFACE} "eth0;id"`],
  [{ mtu: 67 }, 'mtu must be a number from 68 to 65535, but is 67'],
  [{ mtu: '1e3' }, 'mtu must be a number from 68 to 65535, but is "1e3"'],
  [withOverlay({ vni: 16777216 }), 'overlay.vni must be a number from 1 to 16777215, but is 16777216'],
  [withOverlay({ vni: 1.5 }), 'overlay.vni must be a number from 1 to 16777215, but is 1.5'],
  [withOverlay({ port: 0 }), 'overlay.port must be a number from 1 to 65535, but is 0'],
  [withOverlay({ family: 'IPv5' }), 'overlay.family must be "IPv4" or "IPv6", but is "IPv5"'],
  [
    withOverlay({ flooding: { type: 'IPv4' } }),
    'overlay.flooding.type must be "Discovered" or "Listed" or "Multicast", but is "IPv4"',
  ],
  [{ peers: [] }, 'peers is missing'],
  [{ peers: '172.18.0.12' }, 'peers must be a list, each an IP address, but is "172.18.0.12"'],
  [{ peers: ['172.18.0.12', '172.18.0'] }, 'peers[1] must be an IP address, but is "172.18.0"'],
  [{ peers: ['172.18.0.256'] }, 'peers[0] must be an IP address, but is "172.18.0.256"'],
  [{ peers: ['*'] }, 'peers[0] must be an IP address, but is "*"'],
  [{ peers: ['172.18.0.12', 'fd00::1'] }, "peers must be of the family IPv4, but has 'fd00::1'"],
  [{ peers: undefined }, 'peers is missing'],
  [{ mtu: undefined }, 'mtu is missing'],
  [withOverlay({ vni: undefined }), 'overlay.vni is missing'],
  [withOverlay({ flooding: { type: 'Discovered' } }), 'overlay.flooding.service is missing'],
  [withOverlay({ flooding: { type: 'Multicast' } }), 'overlay.flooding.group is missing'],
  [withOverlay({ flooding: { type: 'Multicast', group: '239.1.1.1' } }), 'ttl is missing'],
  [
    { ...withOverlay({ flooding: { type: 'Multicast', group: 'ff05::1' } }), ttl: 1 },
    "overlay.flooding.group must be of the family IPv4, but has 'ff05::1'",
  ],
  [
    withOverlay({ flooding: { type: 'Discovered', service: '$(reboot)' } }),
    `overlay.flooding.service ${NAME} "$(reboot)"`,
  ],
  [{ entry: 'gwvpn-in' }, 'cniResults is missing'],
  [{ entry: 'gwvpn-in', cniResults: '/var/lib/cni/multus/results' }, 'attachments is missing'],
  [{ entry: 'gwvpn-in', cniResults: '/var/lib/cni/multus/results', attachments: ATTACHMENTS }, 'primary is missing'],
  [{ snat: { chain: 'KIND-MASQ-AGENT' } }, 'snat.subnets is missing'],
  [{ snat: { chain: '-F', subnets: [] } }, `snat.chain ${NAME} "-F"`],
  [
    { snat: { chain: 'MASQ', subnets: ['10.0.0.0'] } },
    'snat.subnets[0] must be a network, such as 192.168.50.0/24, but is "10.0.0.0"',
  ],
  [
    { snat: { chain: 'MASQ', subnets: ['10.0.0.0/129'] } },
    'snat.subnets[0] must be a network, such as 192.168.50.0/24, but is "10.0.0.0/129"',
  ],
  [{ nothing: 1 }, 'nothing is not a field that is known'],
  [{ 'bridge ': 'gwvpn' }, 'bridge  is not a field that is known'],
  [
    { version: 0 },
    'is of version 0, this program reads version 1: the image must be of the release that has rendered it',
  ],
];

describeInNamespaces('values that cannot be used', () => {
  let node: Program;

  beforeAll(() => {
    node = createNode();
  });
  it.each(BAD)('give one line that says why: %o', (values, line) => {
    writeConfig(node, 'config.json', configText(values));
    expect(ask(node, 'down')).toEqual({ status: 1, output: `config.json: ${line}`.replace(': is of', ' is of') });
  });

  it('are never run', () => {
    const bait = `${node.directory}/bait`;
    for (const value of [`$(touch ${bait})`, `\`touch ${bait}\``, `x;touch ${bait}`, `'; touch ${bait}; '`]) {
      for (const key of [...Object.keys(CONFIG), value]) {
        writeConfig(node, 'config.json', configText({ [key]: value }));
        expect(ask(node, 'down').status).toBe(1);
      }
    }
    expect(existsSync(bait)).toBe(false);
  });

  it('are told from a file that is not there and from an address that is not given', () => {
    expect(ask({ ...node, environment: { CONFIG_DIR: '/nowhere' } }, 'down').output).toBe(
      'config.json cannot be read in /nowhere',
    );
    writeConfig(node, 'config.json', configText());
    expect(ask({ ...node, environment: { HOST_IP: '172.18.0.11' } }, 'down').output).toBe(
      "POD_NAME must be the name of the agent's pod, made of A-Z a-z 0-9 . _ -, but is ''",
    );
    expect(ask({ ...node, environment: { HOST_IP: '172.18.0.11', POD_NAME: 'agent-a' } }, 'down').output).toBe(
      "POD_NAMESPACE must be the namespace of the agent's pod, made of A-Z a-z 0-9 . _ -, but is ''",
    );
    const environment = { HOST_IP: 'node-1', POD_NAME: 'agent-a', POD_NAMESPACE: 'egress' };
    expect(ask({ ...node, environment }, 'down').output).toBe("HOST_IP must be the node's IP address, but is 'node-1'");
  });

  it('change nothing on the node', () => {
    expect(link(node, 'gwvpn')).toBe('absent');
  });
});
