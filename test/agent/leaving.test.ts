import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { processes, run } from './namespace.ts';
import { attachPod, createNode, createSuccessor, datapath, link } from './node.ts';
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

  it('stays with its pods for a while, and lets go of the node at once', async () => {
    const node = createNode({}, 11, { LEAVE_TIMEOUT: '8' });
    run(node.namespace, DROP);
    using agent = start(node);
    await untilReady(agent);
    attachPod(node, '192.168.50.20/24');
    await eventually(() => expect(agent.log()).toContain("group of the network's ports"));
    const before = datapath(node);
    const [stopped, asked] = [agent.stop(), Date.now()];
    await eventually(() => expect(link(node, 'gwvpn')).toMatch(/ alias gateway-network egress\/vpn$/m));
    await untilReady(agent, 'not ready: leaving: pods are attached');
    run(node.namespace, 'ip link set gwvpn-vx down && nft delete table arp gwn_vpn');
    await eventually(() => expect(link(node, 'gwvpn-vx')).toContain(',UP,'));
    expect(await stopped).toBe(0);
    expect(Date.now() - asked).toBeGreaterThan(1000);
    expect(agent.log()).toMatch(/\ngwvpn: pods are attached, everything stays in place\n$/);
    expect(datapath(node)).toBe(before.replaceAll(/(egress\/vpn) agent-a/g, '$1'));
  });

  it('waits for the last pod, then removes all that is ours', async () => {
    const node = createNode({}, 11, { LEAVE_TIMEOUT: '30' });
    using agent = start(node);
    await untilReady(agent);
    const pod = attachPod(node, '192.168.50.20/24');
    const stopped = agent.stop();
    await untilReady(agent, 'not ready: leaving: pods are attached');
    run(pod, 'ip link del net1');
    expect(await stopped).toBe(0);
    expect([link(node, 'gwvpn'), link(node, 'gwvpn-vx')]).toEqual(['absent', 'absent']);
    expect(run(node.namespace, 'nft list ruleset')).toBe('');
  });

  it('waits for its successor, then leaves everything to it', async () => {
    const node = createNode({}, 11, { LEAVE_TIMEOUT: '30' });
    using agent = start(node);
    await untilReady(agent);
    attachPod(node, '192.168.50.20/24');
    const stopped = agent.stop();
    await untilReady(agent, 'not ready: leaving: pods are attached');
    using next = start(createSuccessor(node, 'agent-b'));
    expect(await stopped).toBe(0);
    expect(agent.log()).toContain('gwvpn: left to agent-b\n');
    await untilReady(next);
    expect(next.log()).toBe(
      'gwvpn: set alias gateway-network egress/vpn agent-b\ngwvpn-vx: set alias gateway-network egress/vpn agent-b\nready\n',
    );
  });

  it('leaves everything in place when it is killed, and `down` removes it', async () => {
    const node = createNode();
    using agent = start(node);
    await untilReady(agent);
    const before = datapath(node);
    await agent.stop('SIGKILL');
    expect(datapath(node)).toBe(before);
    const deleted = [
      'gwvpn-vx: deleted',
      'gwvpn: deleted',
      'table inet gwn_vpn deleted',
      'table arp gwn_vpn deleted',
      'table bridge gwn_vpn deleted',
      'table inet gwn_vpn_overlay deleted',
    ];
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

  it('touches nothing when it never could use its values', async () => {
    const node = createNode({ mtu: undefined });
    run(node.namespace, 'ip link add gwvpn type bridge');
    using agent = start(node);
    await untilReady(agent, 'not ready: config.json: mtu is missing');
    expect(await agent.stop()).toBe(0);
    expect(link(node, 'gwvpn')).toContain(' bridge ');
    expect(agent.log()).toBe('not ready: config.json: mtu is missing\n');
  });

  it('leaves no process behind', async () => {
    const node = createNode();
    using agent = start(node);
    await untilReady(agent);
    await agent.stop();
    await eventually(() => expect(processes(node.namespace)).toEqual([]));
  });
});
