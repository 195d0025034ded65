import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createNode } from './node.ts';
import { ask, envText, readiness, start, untilReady, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

function uptime(): number {
  return Math.floor(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]));
}

describeInNamespaces('a probe', () => {
  it('fails before the first pass, and when the last one is too long ago', async () => {
    const node = createNode();
    expect(readiness(node)).toBe('not ready: no check has been made yet');
    expect(ask(node, 'alive').status).toBe(1);
    const ready = (secondsAgo: number) => writeConfig(node, '../state/status', `${uptime() - secondsAgo} ready\n`);
    ready(28);
    expect(ask(node, 'ready')).toEqual({ status: 0, output: 'ready' });
    ready(31);
    expect(ask(node, 'ready').status).toBe(1);
    expect(readiness(node)).toMatch(/^not ready: the last check was 3\d seconds ago$/);
    expect(ask(node, 'alive')).toEqual({ status: 0, output: '' });
    ready(61);
    expect(ask(node, 'alive').status).toBe(1);
  });

  it('finds an agent with bad values alive, and ready once they are good', async () => {
    const node = createNode();
    writeConfig(node, 'network.env', envText({ NETWORK: 'egress/vpn', BRIDGE: 'gwvpn' }));
    using agent = start(node);
    await untilReady(agent, 'not ready: network.env: MTU is missing');
    expect(ask(node, 'ready').status).toBe(1);
    expect(ask(node, 'alive').status).toBe(0);
    writeConfig(node, 'network.env', envText({ NETWORK: 'egress/vpn', BRIDGE: 'gwvpn', MTU: 1450 }));
    await untilReady(agent);
  });
});
