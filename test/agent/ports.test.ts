import { it } from 'vitest';
import { run } from './namespace.ts';
import { attachPod, createNode, createSuccessor } from './node.ts';
import { start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

describeInNamespaces('of the ports of pods the agent tells', () => {
  it('in its ready line which are older than the MTU', async () => {
    const node = createNode();
    using old = start(node);
    await untilReady(old);
    const pods = [20, 21].map((host) => attachPod(node, `192.168.50.${host}/24`));
    using next = start(createSuccessor(node, 'agent-b', { mtu: 1400 }));
    await untilReady(next, 'ready; 2 pods have the MTU 1450, not 1400: make them anew');
    run(pods[0] ?? '', 'ip link del net1');
    await untilReady(next, 'ready; 1 pod has the MTU 1450, not 1400: make it anew');
    attachPod(node, '192.168.50.22/24', 'gwvpn', 1300);
    await untilReady(next, 'ready; 2 pods have the MTU 1450 1300, not 1400: make them anew');
    run(pods[1] ?? '', 'ip link del net1');
    attachPod(node, '192.168.50.23/24', 'gwvpn', 1400);
    await untilReady(next, 'ready; 1 pod has the MTU 1300, not 1400: make it anew');
  });
});
