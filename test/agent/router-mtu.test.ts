import { expect, it } from 'vitest';
import { run } from './namespace.ts';
import { start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';
import { createRouter, type Router } from './router.ts';

const mtu = ({ namespace }: Router): string => run(namespace, 'cat /sys/class/net/net1/mtu').trim();

describeInNamespaces('a router', () => {
  it('lowers the MTU that an older attachment has given it, and says where that is too low', async () => {
    const router = createRouter({ mtu: 1400 });
    using running = start(router);
    await untilReady(running);
    expect(mtu(router)).toBe('1400');
    expect(running.log()).toContain('net1: MTU set to 1400, it was 1450\n');
    run(router.namespace, 'ip link set net1 mtu 1300');
    await untilReady(
      running,
      'not ready: net1 has the MTU 1300, not 1400: this pod is older than its attachment and has to be made anew',
    );
  });

  it('raises it where the agents raise that of the other end', async () => {
    const router = createRouter({ hasAgents: true });
    run(router.namespace, 'ip link set net1 mtu 1300');
    using running = start(router);
    await untilReady(running);
    expect(running.log()).toContain('net1: MTU set to 1450, it was 1300\n');
  });

  it('is ready while the bridge answers it, and no other', async () => {
    const router = createRouter({ bridgeAnswers: true });
    using running = start(router);
    const silent = /^not ready: the network's bridge does not answer: net1 is not on it, or it is not connected to/;
    await untilReady(running, silent);
    run(router.client, 'ip addr add 192.0.0.8/32 dev net1');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await untilReady(running, silent);
    run(router.client, 'ip link set net1 address 02:67:77:6e:00:08');
    await untilReady(running);
    run(router.client, 'ip addr del 192.0.0.8/32 dev net1');
    await untilReady(running, silent);
  });

  it('does not start with an MTU that is none', async () => {
    const router = createRouter({ mtu: '1e3' });
    using running = start(router);
    await untilReady(running, 'not ready: config.json: mtu must be a number from 68 to 65535, but is "1e3"');
  });
});
