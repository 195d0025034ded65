import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { type Namespace, run, tryRun } from './namespace.ts';
import { attachPod, createNode, RULES } from './node.ts';
import { start, untilReady, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

const MAC = '02:67:77:6e:00:08';

/** Whether a pod's question is answered at once. */
function isAnswered(pod: Namespace): boolean {
  tryRun(pod, 'ip neigh del 192.0.0.8 dev net1');
  run(pod, 'ip neigh add 192.0.0.8 dev net1 use; sleep 0.1');
  return run(pod, 'ip neigh show 192.0.0.8 dev net1').includes(MAC);
}

describeInNamespaces("the network's bridge", () => {
  it('answers who is on it as long as it is connected to other nodes, also while no agent runs', async () => {
    const node = createNode();
    writeConfig(node, 'rules.nft', RULES);
    using agent = start(node);
    await untilReady(agent);
    const pod = attachPod(node, '192.168.50.20/24');
    const port = `veth${pod.split('-')[2]}`;
    await eventually(() => expect(isAnswered(pod)).toBe(true));

    // What is taken away comes back.
    run(node.namespace, `ip neigh del 192.0.0.8 dev gwvpn; bridge fdb del ${MAC} dev gwvpn-vx master`);
    await eventually(() => expect(isAnswered(pod)).toBe(true));
    run(node.namespace, 'ip link set gwvpn-vx type bridge_slave proxy_arp_wifi off');
    await eventually(() => expect(isAnswered(pod)).toBe(true));

    await agent.stop('SIGKILL');
    await eventually(() => expect(isAnswered(pod)).toBe(true));
    // A bridge takes the least MAC address of its ports unless it was given one, and forgets its neighbours then.
    run(
      node.namespace,
      'ip link add low address 02:00:00:00:00:01 type veth peer name far && ip link set low master gwvpn up',
    );
    expect(isAnswered(pod)).toBe(true);
    run(node.namespace, `ip link add other type bridge && ip link set other up && ip link set ${port} master other`);
    expect(isAnswered(pod)).toBe(false);
    run(node.namespace, `ip link set ${port} nomaster`);
    expect(isAnswered(pod)).toBe(false);
    run(node.namespace, `ip link set ${port} master gwvpn`);
    await eventually(() => expect(isAnswered(pod)).toBe(true));
    run(node.namespace, 'ip link set gwvpn-vx nomaster');
    expect(isAnswered(pod)).toBe(false);
    using again = start(node);
    await untilReady(again);
    await eventually(() => expect(isAnswered(pod)).toBe(true));
    run(node.namespace, 'ip link set gwvpn-vx down');
    await eventually(() => expect(isAnswered(pod)).toBe(true));
  });
});
