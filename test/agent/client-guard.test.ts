import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { guardContainer } from '../../fn/plan/guard.ts';
import { FAMILIES, type Family, formatAddress } from '../../fn/net/address.ts';
import type { Link } from '../../fn/node/node-agent/link.ts';
import { formatCidr } from '../../fn/net/cidr.ts';
import { quickJs } from '../engines/tool.ts';
import { planOf } from '../plan/network.ts';
import { primaryRules } from '../../fn/node/node-agent/primary-rules.ts';
import { createNamespace, join, type Namespace, run } from './namespace.ts';
import { describeInNamespaces } from './requirements.ts';

const PROGRAMS = fileURLToPath(new URL('../../dist/node/gateway-network.mjs', import.meta.url));
const PLAN = planOf('{subnets: [192.168.50.0/24, "fd00:50::/64"]}');
const PRIMARY = {
  interface: 'eth0',
  IPv4: ['10.0.0.0/8'],
  IPv6: ['fc00::/7', 'fe80::/10', 'ff00::/8'],
  replies: false,
};
const folder = mkdtempSync(path(tmpdir(), 'gwa-guard-'));

const { command, args } = guardContainer(PLAN);
const guardIn = ({ namespace }: Pod, ...before: readonly string[]) =>
  ['netns', 'exec', namespace, ...before, ...quickJs(), PROGRAMS, ...command.slice(1), ...args] as const;
const env = { ...process.env, STATE_DIR: folder, HOLD_PATIENCE: '0', EVICTION_PATIENCE: '4000' };

/** Runs the guard as the client's init container does. */
function guard(one: Pod) {
  const { status, stdout, stderr } = spawnSync('ip', guardIn(one), { encoding: 'utf8', env });
  return { status, output: stdout + stderr };
}

interface Pod {
  readonly namespace: Namespace;
  readonly node: Namespace;
}

/** A pod with a primary interface that leads everywhere, and the network's routes on another. */
function pod(network: string, families: readonly Family[] = FAMILIES): Pod {
  const [namespace, node] = [createNamespace(), createNamespace()];
  for (const device of ['eth0', 'net1']) join(namespace, device, node, device);
  const routes = PLAN.clientRoutes.map((route) => {
    const by = route.type === 'Gateway' ? `via ${formatAddress(route.gateway)}` : '';
    return `ip route add ${formatCidr(route.destination)} ${by} dev ${network} metric 1024`;
  });
  const primary = {
    IPv4: 'ip addr add 10.244.1.5/24 dev eth0; ip route add default via 10.244.1.1',
    IPv6: 'ip addr add fd00:244::5/64 dev eth0 nodad; ip route add default via fd00:244::1',
  };
  run(
    node,
    `sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip addr add 10.244.1.1/24 dev eth0; ip addr add fd00:244::1/64 dev eth0 nodad`,
  );
  run(
    namespace,
    `set -e
${families.map((family) => primary[family]).join('\n')}
ip addr add 192.168.50.20/24 dev ${network}; ip addr add fd00:50::20/64 dev ${network} nodad
${routes.join('\n')}`,
  );
  return { namespace, node };
}

/** Holds a pod as the agent does. */
function hold({ node }: Pod): void {
  const [link] = JSON.parse(run(node, 'ip -j link show dev eth0')) as readonly [{ readonly ifindex: number }];
  const limits = { table: 'gwn_vpn_primary', primary: PRIMARY, subnets: [], tunnelPorts: [] };
  const rules = primaryRules(limits, [{ name: 'eth0', index: link.ifindex } as Link]);
  run(node, `nft -f - <<'E'\n${rules}\nE`);
}

describeInNamespaces('the guard of a client', () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([[FAMILIES], [['IPv4']], [['IPv6']]] as const)(
    'lets a pod start that has the routes of its network, and that its node holds at its primary interface: %s',
    (families) => {
      const one = pod('net1', families);
      hold(one);
      const output = 'the routes of egress/vpn are there, and the node holds eth0\n';
      expect(guard(one)).toEqual({ status: 0, output });
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it.each([
    ['says nothing', 'ip route add blackhole default; ip route add blackhole ::/0'],
    ['knows no way', 'true'],
    [
      'answers as for a port that is closed',
      `ip route add default dev net1; ip -6 route add default dev net1
nft 'add table inet f; add chain inet f f { type filter hook forward priority 0; }; add rule inet f f reject with icmpx port-unreachable'`,
    ],
  ])('does not where the node lets it send by that, and %s', (_, commands) => {
    const one = pod('net1');
    run(one.node, commands);
    const { status, output } = guard(one);
    expect(status).toBe(1);
    expect(output).toMatch(
      /^this pod does not start, because a program of it could leave around the network egress\/vpn: the node does not hold its eth0 yet\. /,
    );
    // Its networks are there: another pod would not be held either.
    expect(readdirSync(folder)).toEqual([]);
  });

  it('fails where routes are missing, and has left too much in its volume when that was the third time', () => {
    const one = pod('net1');
    hold(one);
    run(one.namespace, 'ip link set net1 down');
    const size = () => readdirSync(folder).reduce((sum, name) => sum + statSync(path(folder, name)).size, 0);
    for (const attempt of [1, 2, 3]) {
      const begin = Date.now();
      const { status, output } = guard(one);
      expect(status).toBe(1);
      // Only a container that runs has the kubelet look at the pod's volumes.
      expect(Date.now() - begin > 8500).toBe(attempt === 3);
      expect(output).toMatch(/^this pod is not attached to the network egress\/vpn, so it does not start: there is no/);
      expect(size() > 1024 * 1024).toBe(attempt === 3);
    }
  });

  it('ends at once when its pod is deleted, though it is the first process of its container', () => {
    const script = 'unshare --pid --fork "$@" & sleep 1.5; kill "$(pgrep -P $!)"; wait';
    const begin = Date.now();
    const { stderr } = spawnSync('ip', guardIn(pod('eth0'), 'sh', '-c', script, 'sh'), { encoding: 'utf8', env });
    expect(stderr).toBe('');
    expect(Date.now() - begin).toBeLessThan(4500);
  });

  it('takes those of the primary interface for none', () => {
    expect(guard(pod('eth0')).status).toBe(1);
  });
});
