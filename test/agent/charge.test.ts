import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { run } from './namespace.ts';
import { attachPod, createNode, createSuccessor, datapath, link, RULES } from './node.ts';
import { type Program, readiness, start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

const DROP = 'iptables-nft -P FORWARD DROP && ip6tables-nft -P FORWARD DROP';

/** What a node has except for the name of the agent in charge and what that changes. */
function withoutHolder(node: Program): string {
  return datapath(node).replaceAll(/(alias gateway-network egress\/vpn) agent-\w+/g, '$1');
}

function indexes(node: Program): string {
  return run(node.namespace, 'cat /sys/class/net/gwvpn*/ifindex');
}

/** Writes down every change of the packet filter rules until it is asked for them. */
function recordRules({ namespace }: Program): () => Promise<string> {
  const recorder = spawn('ip', ['netns', 'exec', namespace, 'stdbuf', '-oL', 'nft', 'monitor'], { stdio: 'pipe' });
  let text = '';
  recorder.stdout.on('data', (data: Buffer) => (text += data.toString()));
  return async () => {
    run(namespace, 'nft add table inet the_end');
    await eventually(() => expect(text).toContain('add table inet the_end'));
    recorder.kill();
    return text.slice(0, text.indexOf('add table inet the_end'));
  };
}

function packetsDropped(node: Program): string {
  return run(node.namespace, 'nft list chain inet gwn_vpn forward');
}

/** Makes one of the counters count: a packet that the node would route out of the network. */
function sendAround(node: Program): void {
  const pod = attachPod(node, '192.168.50.20/24');
  const mac = run(node.namespace, 'cat /sys/class/net/gwvpn/address').trim();
  run(node.namespace, 'sysctl -qw net.ipv4.ip_forward=1');
  run(pod, `ip route add default via 192.168.50.1 && ip neigh add 192.168.50.1 lladdr ${mac} dev net1`);
  run(pod, 'ping -n -c 3 -i 0.1 -W 1 172.18.0.99 || true');
  expect(packetsDropped(node)).toContain('packets 3 ');
}

describeInNamespaces('of two agents on a node', () => {
  it('the one that starts is in charge; the other touches nothing any more and leaves all in place', async () => {
    const node = createNode();
    run(node.namespace, DROP);
    using old = start(node);
    await untilReady(old);
    sendAround(node);
    const before = [withoutHolder(node), indexes(node), packetsDropped(node)];
    const record = recordRules(node);

    using next = start(createSuccessor(node, 'agent-b'));
    await untilReady(next);
    await untilReady(old, 'not ready: superseded: the agent agent-b keeps this node now');
    expect(next.log()).toBe(
      'gwvpn: taken over from agent-a\ngwvpn-vx: set alias gateway-network egress/vpn agent-b\nready\n',
    );
    const [logged, asked] = [old.log(), Date.now()];
    expect(await old.stop()).toBe(0);
    expect(Date.now() - asked).toBeLessThan(1000);
    expect(old.log()).toBe(logged);
    expect([withoutHolder(node), indexes(node), packetsDropped(node)]).toEqual(before);
    expect(await record()).toBe('');

    run(node.namespace, 'ip link set gwvpn-vx down');
    await eventually(() => expect(next.log()).toContain('gwvpn-vx: set up\n'));
  });

  it('the older one is in charge again when the other lets go', async () => {
    const node = createNode();
    using old = start(node);
    await untilReady(old);
    using next = start(createSuccessor(node, 'agent-b'));
    await untilReady(old, /superseded/);
    await next.stop();
    await untilReady(old);
    expect(link(node, 'gwvpn')).toMatch(/ alias gateway-network egress\/vpn agent-a$/m);
    expect(link(node, 'gwvpn-vx')).toContain(' master gwvpn ');
  });

  it('the one that was superseded repairs nothing', async () => {
    const node = createNode();
    using old = start(node);
    await untilReady(old);
    using next = start(createSuccessor(node, 'agent-b'));
    await untilReady(old, /superseded/);
    await next.stop('SIGKILL');
    run(node.namespace, 'ip link del gwvpn-vx && nft delete table arp gwn_vpn');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(link(node, 'gwvpn-vx')).toBe('absent');
    expect(readiness(old)).toContain('superseded');
  });

  it('the newer brings new rules, at once and without a moment that has none', async () => {
    const node = createNode();
    using old = start(node);
    await untilReady(old);
    const record = recordRules(node);
    using next = start(createSuccessor(node, 'agent-b', {}, RULES.replace('gwvpn" notrack', 'gwvpn" counter notrack')));
    await untilReady(next);
    await old.stop();
    expect(run(node.namespace, 'nft list ruleset')).toMatch(/counter packets \d+ bytes \d+ notrack/);
    expect((await record()).match(/# new generation/g)).toHaveLength(2);
  });

  it('one that was killed and starts again changes nothing, not even a counter', async () => {
    const node = createNode();
    run(node.namespace, DROP);
    using killed = start(node);
    await untilReady(killed);
    sendAround(node);
    const before = [datapath(node), indexes(node), packetsDropped(node)];
    await killed.stop('SIGKILL');
    const record = recordRules(node);
    const logged = killed.log().length;
    using again = start(node);
    await eventually(() => expect(again.log().slice(logged)).toBe('ready\n'));
    expect([datapath(node), indexes(node), packetsDropped(node)]).toEqual(before);
    expect(await record()).toBe('');
  });

  it('one that starts finds what has drifted while none was there', async () => {
    const node = createNode();
    using killed = start(node);
    await untilReady(killed);
    const before = withoutHolder(node);
    await killed.stop('SIGKILL');
    run(node.namespace, 'nft flush chain inet gwn_vpn forward');
    using next = start(createSuccessor(node, 'agent-b'));
    await untilReady(next);
    expect(next.log()).toContain('packet filter rules loaded\n');
    // The chain that carries the fingerprint is the same again.
    expect(withoutHolder(node)).toBe(before);
  });
});
