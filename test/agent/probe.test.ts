import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configText, createNode } from './node.ts';
import { ask, readiness, start, untilReady, writeConfig } from './program.ts';
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

  it('waits for what is not ready yet, for as long as it is told', async () => {
    const node = createNode();
    const asked = Date.now();
    expect(ask(node, 'ready', '--wait=1')).toEqual({ status: 1, output: 'not ready: no check has been made yet' });
    expect(Date.now() - asked).toBeGreaterThanOrEqual(1000);
    using agent = start(node);
    const answer = ask(node, 'ready', '--wait=20');
    expect(answer.status).toBe(0);
    expect(answer.output).toMatch(/^ready /);
    expect(Date.now() - asked).toBeLessThan(15_000);
    expect(agent.log()).toMatch(/ready/);
  });

  it('says what it can be told', () => {
    expect(ask(createNode(), 'ready', '--wait=soon')).toEqual({
      status: 2,
      output: '--wait=soon: must be --wait=SECONDS',
    });
  });

  it('finds an agent with bad values alive, and ready once they are good', async () => {
    const node = createNode();
    writeConfig(node, 'config.json', configText({ overlay: undefined, mtu: undefined }));
    using agent = start(node);
    await untilReady(agent, 'not ready: config.json: mtu is missing');
    expect(ask(node, 'ready').status).toBe(1);
    expect(ask(node, 'alive').status).toBe(0);
    writeConfig(node, 'config.json', configText({ overlay: undefined }));
    await untilReady(agent);
  });
});
