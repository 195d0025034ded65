import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { inboundData } from '../../fn/render/inbound.ts';
import { inboundRules } from '../../fn/render/inbound-rules.ts';
import { quickJs } from '../engines/tool.ts';
import { planOf } from '../plan/network.ts';
import { createNamespace, join, type Namespace, run, tryRun } from './namespace.ts';
import { describeInNamespaces } from './requirements.ts';

const PROGRAMS = fileURLToPath(new URL('../../dist/node/gateway-network.mjs', import.meta.url));
const PLAN = planOf('{subnets: [192.168.50.0/24]}');
const folder = mkdtempSync(`${tmpdir()}/gwa-inbound-`);
writeFileSync(`${folder}/rules.nft`, inboundRules(PLAN));

/** Runs the program, with other values in its configuration. */
function start(pod: Namespace, changes: object = {}, environment: Readonly<Record<string, string>> = {}) {
  writeFileSync(`${folder}/config.json`, JSON.stringify({ ...inboundData(PLAN), ...changes }));
  const env = { ...process.env, CONFIG_DIR: folder, ...environment };
  const command = ['netns', 'exec', pod, ...quickJs(), PROGRAMS, 'inbound', 'run'];
  const { status, stdout, stderr } = spawnSync('ip', command, { encoding: 'utf8', env });
  return { status, output: stdout + stderr };
}

/** A pod with a primary interface and what a CNI has set up on it. */
function podWith(setup: string): Namespace {
  const [pod, node] = [createNamespace(), createNamespace()];
  join(pod, 'eth0', node, 'pod');
  run(pod, `set -e\n${setup}`);
  return pod;
}

const routes = (pod: Namespace, family: 4 | 6) =>
  (tryRun(pod, `ip -${family} route show table 4799`) ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.trim());

describeInNamespaces('a client that answers inbound connections', () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    [
      'of a pair of interfaces, as kindnet and Cilium make them',
      'ip addr add 10.244.1.5/24 dev eth0; ip route add 10.0.0.0/8 via 10.244.1.1 mtu 1400; ip route add default via 10.244.1.1',
      [
        'default via 10.244.1.1 dev eth0',
        '10.0.0.0/8 via 10.244.1.1 dev eth0 mtu 1400',
        '10.244.1.0/24 dev eth0 scope link src 10.244.1.5',
      ],
      [],
    ],
    [
      'by a gateway that is on no subnet, as Calico has it',
      'ip addr add 10.244.1.5/32 dev eth0; ip route add 169.254.1.1 dev eth0 scope link; ip route add default via 169.254.1.1 dev eth0',
      ['default via 169.254.1.1 dev eth0', '169.254.1.1 dev eth0 scope link'],
      [],
    ],
    [
      'that are on the link whatever the subnets are',
      'ip addr add 10.244.1.5/32 dev eth0; ip route add default via 10.9.9.9 dev eth0 onlink',
      ['default via 10.9.9.9 dev eth0 onlink'],
      [],
    ],
    [
      'of IPv4 by an IPv6 gateway',
      'ip addr add 10.244.1.5/32 dev eth0; ip -4 route add default via inet6 fe80::1 dev eth0',
      ['default via inet6 fe80::1 dev eth0'],
      [],
    ],
    [
      'of IPv6, also those that end some day',
      'ip addr add fd00:1::5/64 dev eth0 nodad; ip -6 route add default via fe80::1 dev eth0 metric 1024 expires 600',
      [],
      [
        'fd00:1::/64 dev eth0 metric 256 pref medium',
        'fe80::/64 dev eth0 metric 256 pref medium',
        'default via fe80::1 dev eth0 metric 1024 pref medium',
      ],
    ],
  ])('copies routes %s', (_, setup, IPv4, IPv6) => {
    const pod = podWith(setup);
    expect(start(pod)).toMatchObject({ status: 0 });
    expect(routes(pod, 4)).toEqual(IPv4);
    expect(routes(pod, 6)).toEqual(IPv6);
  });

  it('routes what each address of the interface sends, and says so once', () => {
    const pod = podWith(
      'ip addr add 10.244.1.5/24 dev eth0; ip addr add 10.244.1.50/24 dev eth0; ip route add default via 10.244.1.1',
    );
    expect(start(pod).output).toBe(
      'what 10.244.1.5 sends is routed by eth0\nwhat 10.244.1.50 sends is routed by eth0\n',
    );
    expect(start(pod)).toEqual({ status: 0, output: '' });
    expect(run(pod, 'ip rule show pref 4799').trim().split('\n')).toHaveLength(2);
    expect(run(pod, 'nft list tables')).toContain('inet gateway_inbound');
  });

  it('leaves a family without a default route alone, and IPv6 that is switched off', () => {
    const pod = podWith('sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1; ip addr add 10.244.1.5/24 dev eth0');
    expect(start(pod)).toEqual({ status: 0, output: '' });
    expect(run(pod, 'ip rule show pref 4799; ip -6 rule show pref 4799')).toBe('');
  });

  it.each([
    ['there are no rules', {}, { CONFIG_DIR: '/nowhere' }, 'rules.nft cannot be read in /nowhere'],
    ['there is no such interface', { interface: 'eth9' }, {}, 'there is no interface eth9'],
    ['its configuration is of another version', { version: 2 }, {}, 'config.json is of version 2'],
    ['a value is out of shape', { interface: '../eth0' }, {}, 'config.json: interface must be an interface name'],
  ])('fails, and says so, when %s', (_, changes, environment, message) => {
    const pod = podWith('true');
    const { status, output } = start(pod, changes, environment);
    expect(status).toBe(1);
    expect(output).toContain(message);
    expect(run(pod, 'ip rule show pref 4799')).toBe('');
  });

  it('fails when a route cannot be copied', () => {
    const pod = podWith('ip addr add 10.244.1.5/24 dev eth0; ip route add default via 10.244.1.1');
    const { status, output } = start(pod, {}, { PATH: `${brokenTools()}:${process.env['PATH']}` });
    expect(status).toBe(1);
    expect(output).toContain('cannot route');
  });
});

/** A folder with an `ip` that refuses to change routes. */
function brokenTools(): string {
  const real = execFileSync('sh', ['-c', 'command -v ip'], { encoding: 'utf8' }).trim();
  const script = `#!/bin/sh\ncase $* in *"route replace"*) exit 2 ;; esac\nexec ${real} "$@"\n`;
  writeFileSync(`${folder}/ip`, script, { mode: 0o755 });
  return folder;
}
