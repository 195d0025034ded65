import { expect, it } from 'vitest';
import { run } from './namespace.ts';
import { start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';
import { createRouter, type Router } from './router.ts';

const mtu = ({ namespace }: Router): string => run(namespace, 'cat /sys/class/net/net1/mtu').trim();

describeInNamespaces('a router', () => {
  it('lowers the MTU that an older attachment has given it, and says where that is too low', async () => {
    const router = createRouter({ MTU: 1400 });
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

  it('does not start with an MTU that is none', async () => {
    const router = createRouter({ MTU: '1e3' });
    using running = start(router);
    await untilReady(running, "not ready: router.env: MTU must be a number from 68 to 65535, but is '1e3'");
  });
});
