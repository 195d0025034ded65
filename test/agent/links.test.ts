import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { run } from './namespace.ts';
import { attachPod, createNode, datapath, link, overlay, peers } from './node.ts';
import { start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

describeInNamespaces('the links of a node', () => {
  it('are a bridge without address, snooping and spanning tree, and a VXLAN that learns', async () => {
    const node = createNode();
    using agent = start(node);
    await untilReady(agent);
    const bridge = link(node, 'gwvpn');
    expect(bridge).toMatch(/^gwvpn: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 /);
    expect(bridge).toContain(' stp_state 0 ');
    expect(bridge).toContain(' mcast_snooping 0 ');
    expect(bridge).toContain(' addrgenmode none ');
    expect(run(node.namespace, 'ip addr show dev gwvpn')).not.toContain('inet');
    const vxlan = link(node, 'gwvpn-vx');
    expect(vxlan).toMatch(/^gwvpn-vx: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 .* master gwvpn /);
    expect(vxlan).toContain(' vxlan id 1000 local 172.18.0.11 dev eth0 srcport 0 0 dstport 4799 ttl auto ');
    expect(vxlan).toContain(' addrgenmode none ');
    expect(run(node.namespace, 'ip addr show dev gwvpn-vx')).not.toContain('inet');
    expect(peers(node)).toEqual(['172.18.0.12', '172.18.0.13']);
  });

  it('lie on an IPv6 underlay when that is its family', async () => {
    const node = createNode({ ...overlay({ family: 'IPv6' }), mtu: 1430, peers: ['fd00:18:0::11', 'FD00:18::12'] });
    using agent = start(node);
    await untilReady(agent);
    expect(link(node, 'gwvpn-vx')).toMatch(/ mtu 1430 .* vxlan id 1000 local fd00:18::11 dev eth0 /);
    expect(peers(node)).toEqual(['fd00:18::12']);
  });

  it('lie on the interface that is named, with the address it has', async () => {
    const node = createNode(overlay({ underlay: 'eth1' }));
    run(node.namespace, 'ip link add eth1 type bridge && ip addr add 10.9.0.1/24 dev eth1 && ip link set eth1 up');
    using agent = start(node);
    await untilReady(agent);
    expect(link(node, 'gwvpn-vx')).toContain(' local 10.9.0.1 dev eth1 ');
  });

  it('join a multicast group with its TTL', async () => {
    const node = createNode({
      ...overlay({ flooding: { type: 'Multicast', group: '239.1.1.1' } }),
      ttl: 4,
      peers: undefined,
    });
    using agent = start(node);
    await untilReady(agent);
    expect(link(node, 'gwvpn-vx')).toMatch(/ vxlan id 1000 group 239\.1\.1\.1 local 172\.18\.0\.11 dev eth0 .* ttl 4 /);
    expect(peers(node)).toEqual(['239.1.1.1']);
    run(node.namespace, 'bridge fdb del 00:00:00:00:00:00 dev gwvpn-vx dst 239.1.1.1 via eth0');
    await eventually(() => expect(peers(node)).toEqual(['239.1.1.1']));
  });

  it('are the bridge alone without an overlay', async () => {
    const node = createNode({ overlay: undefined, mtu: 1500 });
    using agent = start(node);
    await untilReady(agent);
    expect(link(node, 'gwvpn')).toContain(' mtu 1500 ');
    expect(link(node, 'gwvpn-vx')).toBe('absent');
  });

  it('keep the bridge that a CNI plugin made, and its pods', async () => {
    const node = createNode();
    run(node.namespace, 'ip link add gwvpn mtu 1450 type bridge && ip link set gwvpn up');
    attachPod(node, '192.168.50.20/24');
    const index = run(node.namespace, 'cat /sys/class/net/gwvpn/ifindex');
    using agent = start(node);
    await untilReady(agent);
    expect(run(node.namespace, 'cat /sys/class/net/gwvpn/ifindex')).toBe(index);
    expect(link(node, 'gwvpn')).toContain(' mcast_snooping 0 ');
    expect(run(node.namespace, 'ip addr show dev gwvpn')).not.toContain('inet');
    expect(run(node.namespace, 'ip -o link show master gwvpn type veth')).toContain('veth');
  });

  it('are changed in place where that can be, and the VXLAN is made anew where it cannot', async () => {
    const node = createNode();
    run(node.namespace, 'ip link add gwvpn-vx type vxlan id 1000 dstport 4799 dev eth0 nolearning ttl 9');
    const index = run(node.namespace, 'cat /sys/class/net/gwvpn-vx/ifindex');
    using agent = start(node);
    await untilReady(agent);
    expect(run(node.namespace, 'cat /sys/class/net/gwvpn-vx/ifindex')).toBe(index);
    expect(link(node, 'gwvpn-vx')).toContain(' local 172.18.0.11 dev eth0 srcport 0 0 dstport 4799 ttl auto ');
    await agent.stop('SIGKILL');
    run(
      node.namespace,
      'ip link del gwvpn-vx && ip link add gwvpn-vx type vxlan id 1000 dstport 4799 srcport 4789 4790',
    );
    using next = start(node);
    await untilReady(next);
    await eventually(() => expect(link(node, 'gwvpn-vx')).toContain(' srcport 0 0 '));
  });

  it('stay as they are from one pass to the next', async () => {
    const node = createNode();
    using agent = start(node);
    await untilReady(agent);
    const before = [datapath(node), agent.log(), run(node.namespace, 'cat /sys/class/net/gwvpn*/ifindex')];
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect([datapath(node), agent.log(), run(node.namespace, 'cat /sys/class/net/gwvpn*/ifindex')]).toEqual(before);
  });
});
