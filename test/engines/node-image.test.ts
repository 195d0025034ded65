import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from './describe-tools.ts';
import { createImageStorage, type ImageStorage } from './image-storage.ts';
import { output, run } from './program.ts';
import { command, nodeImage } from './tool.ts';

const MIB = 2 ** 20;

const PACKAGES =
  'busybox conntrack conntrackd dnsmasq-base ethtool iproute2 iptables iputils-ping keepalived nftables wireguard-go wireguard-tools';

/** What each program says of itself. */
const PROGRAMS = {
  'ip -V': /^ip utility, iproute2-6\./m,
  'bridge -V': /^bridge utility, 6\./m,
  'tc -V': /^tc utility, iproute2-6\./m,
  'ss -V': /^ss utility, iproute2-6\./m,
  'nft --version': /^nftables v1\.1\./,
  'iptables --version': /^iptables v1\.8\.\d+ \(nf_tables\)/,
  'iptables-nft --version': /^iptables v1\.8\.\d+ \(nf_tables\)/,
  'ip6tables-nft --version': /^ip6tables v1\.8\.\d+ \(nf_tables\)/,
  'iptables-legacy --version': /^iptables v1\.8\.\d+ \(legacy\)/,
  'ip6tables-legacy --version': /^ip6tables v1\.8\.\d+ \(legacy\)/,
  'iptables-nft-save --version': /\(nf_tables\)/,
  'iptables-legacy-save --version': /\(legacy\)/,
  'conntrack --version': /^conntrack v1\.4\./,
  'conntrackd -v': /^Connection tracking userspace daemon v1\.4\./,
  'keepalived --version': /^Keepalived v2\.3\./,
  'wg --version': /^wireguard-tools v1\.0\./,
  'wireguard-go --version': /^wireguard-go v0\.0\./,
  'dnsmasq --version': /^Dnsmasq version 2\./,
  'ping -V': /^ping from iputils /,
  'ethtool --version': /^ethtool version 6\./,
  'busybox httpd --help 2>&1': /^Usage: httpd .*\[-p \[IP:\]PORT\]/m,
  'getent hosts 192.0.2.1; echo $?': /^2$/m,
  'timeout --version': /coreutils/,
  'mkfifo --version': /coreutils/,
  'sleep --version': /coreutils/,
  'mv --version': /coreutils/,
} as const;

describeWith([nodeImage(), command('podman'), command('runc')], (built, podman) => {
  const name = 'localhost/gateway-network-node:test';
  let storage: ImageStorage;
  beforeAll(() => {
    storage = createImageStorage();
    output(podman, ['load', '--quiet', '--input', `${built}/image.tar`], { env: storage.env });
  }, 120_000);
  afterAll(() => storage?.remove());

  /** A shell in the image as a node agent is started, except for the network, of which it has none. */
  function inContainer(script: string, ...options: readonly string[]) {
    const hardened = ['--read-only', '--read-only-tmpfs=false', '--security-opt=no-new-privileges', '--cap-drop=all'];
    const args = [...hardened, '--cap-add=net_admin', '--network=none', ...options, name, '/bin/sh', '-c', script];
    return run(podman, ['run', '--rm', ...args], { env: storage.env });
  }

  test('it has the programs', () => {
    const script = Object.keys(PROGRAMS).map((line) => `echo "== ${line}"; ${line} 2>&1`);
    const said = inContainer(script.join('\n'))
      .stdout.split(/^== .*\n/m)
      .slice(1);
    for (const [index, [line, expected]] of Object.entries(PROGRAMS).entries())
      expect(said[index], line).toMatch(expected);
  });

  test('with NET_ADMIN alone and nothing to write to, they make what an agent makes', () => {
    const { stdout, stderr, status } = inContainer(`set -e
      ip link add br0 type bridge mcast_snooping 0
      ip link add vx0 mtu 1450 master br0 type vxlan id 100 dstport 4799 local 127.0.0.1
      ip link set vx0 up
      bridge fdb append 00:00:00:00:00:00 dev vx0 dst 192.0.2.1
      echo 'table inet t { chain c { type filter hook prerouting priority raw; iifname "br0" counter notrack; }; }' | nft -f -
      iptables-nft -I FORWARD -i br0 -o br0 -j ACCEPT
      conntrack -L 2>&1
      ip -d link show vx0
      nft list table inet t
      iptables-nft -S FORWARD
      id`);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    for (const expected of [
      '0 flow entries',
      'vxlan id 100',
      'notrack',
      '-A FORWARD -i br0 -o br0 -j ACCEPT',
      'uid=0(root) gid=0(root)',
    ])
      expect(stdout).toContain(expected);
  });

  test('it is no larger than it has to be', () => {
    // 114 MiB unpacked, of which the base takes 82, and 43 MiB to be pulled, when this was written.
    const [kibibytes] = execFileSync('du', ['-sk', `${built}/rootfs`], { encoding: 'utf8' }).split('\t');
    expect(Number(kibibytes) / 1024).toBeLessThan(120);
    expect(statSync(`${built}/image.tar`).size / MIB).toBeLessThan(48);
  });

  test('no Perl, Python, documentation, package lists or logs came along', () => {
    const { stdout } = inContainer(`
      command -v python3
      find /usr/share/perl /usr/lib/*/perl /usr/share/man /usr/share/locale /usr/share/snmp/mibs /usr/share/misc/pci.ids \
        /var/lib/apt/lists /var/cache/apt /var/log/apt /var/log/dpkg.log /tmp ! -type d 2>/dev/null`);
    expect(stdout).toBe('');
  });

  test('what is installed can be told, and its own sources of packages are as Debian has them', () => {
    const { stdout } = inContainer(
      "dpkg --audit; dpkg-query -W -f '${binary:Package} ${db:Status-Status}\\n'; ls /etc/apt/sources.list.d",
    );
    for (const tool of PACKAGES.split(' ')) expect(stdout).toMatch(new RegExp(`^${tool} installed$`, 'm'));
    expect(stdout).not.toMatch(/image\.sources/);
  });

  test('it says who it runs as and what it is', () => {
    const [{ Config: config }] = JSON.parse(output(podman, ['inspect', name], { env: storage.env }));
    expect(config.User).toBe('0:0');
    expect(config.Entrypoint ?? []).toEqual([]);
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'gateway-network-node',
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.version': '1.2.3',
      'org.opencontainers.image.revision': 'abc',
    });
  });
});
