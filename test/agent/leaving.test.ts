import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { processes, run } from './namespace.ts';
import { attachPod, createNode, datapath, link } from './node.ts';
import { ask, start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

const DROP = 'iptables-nft -P FORWARD DROP';

describeInNamespaces('an agent that ends', () => {
  it('removes what is ours from a node without pods, at once, and nothing else', async () => {
    const node = createNode({}, 11, { INTERVAL: '30' });
    run(node.namespace, `${DROP} && nft add table inet other && ip link add br9 type bridge`);
    const state = 'ip -o link show | grep -o "^[^<]*"; ip -4 addr show dev eth0; nft list ruleset';
    const before = run(node.namespace, state);
    using agent = start(node);
    await untilReady(agent);
    expect(run(node.namespace, state)).not.toBe(before);
    const asked = Date.now();
    expect(await agent.stop()).toBe(0);
    expect(Date.now() - asked).toBeLessThan(5000);
    expect(run(node.namespace, state)).toBe(before);
  });

  it('leaves everything in place while pods are attached; the next one takes it over and touches nothing', async () => {
    const node = createNode();
    run(node.namespace, DROP);
    using agent = start(node);
    await untilReady(agent);
    const pod = attachPod(node, '192.168.50.20/24');
    const before = datapath(node);
    const indexes = run(node.namespace, 'cat /sys/class/net/gwvpn*/ifindex');
    expect(await agent.stop()).toBe(0);
    expect(agent.log()).toContain('gwvpn: pods are attached, everything stays in place\n');
    expect(datapath(node)).toBe(before);

    using next = start(node);
    await eventually(() => expect(next.log()).toMatch(/in place\npacket filter rules loaded\nready\n$/));
    expect(datapath(node)).toBe(before);
    expect(run(node.namespace, 'cat /sys/class/net/gwvpn*/ifindex')).toBe(indexes);

    run(pod, 'ip link del net1');
    expect(await next.stop()).toBe(0);
    expect([link(node, 'gwvpn'), link(node, 'gwvpn-vx')]).toEqual(['absent', 'absent']);
  });

  it('leaves everything in place when it is killed, and `down` removes it', async () => {
    const node = createNode();
    using agent = start(node);
    await untilReady(agent);
    const before = datapath(node);
    await agent.stop('SIGKILL');
    expect(datapath(node)).toBe(before);
    const deleted = ['gwvpn-vx: deleted', 'gwvpn: deleted', 'table inet gwn_vpn deleted', 'table arp gwn_vpn deleted'];
    expect(ask(node, 'down')).toEqual({ status: 0, output: deleted.join('\n') });
    expect(ask(node, 'down')).toEqual({ status: 0, output: '' });
    expect(run(node.namespace, 'nft list ruleset')).toBe('');
  });

  it('leaves links that are not ours', async () => {
    const node = createNode();
    run(node.namespace, 'ip link add gwvpn type bridge && ip link add gwvpn-vx type vxlan id 1 dstport 4799 dev eth0');
    ask(node, 'down');
    expect([link(node, 'gwvpn'), link(node, 'gwvpn-vx')]).not.toContain('absent');
  });

  it('leaves no process behind', async () => {
    const node = createNode();
    using agent = start(node);
    await untilReady(agent);
    await agent.stop();
    await eventually(() => expect(processes(node.namespace)).toEqual([]));
  });
});
