import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { processes, run } from './namespace.ts';
import { createNode } from './node.ts';
import { type Program, start, untilReady, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

/** Rule sets as they are on nodes with thousands of services: 20,000 rules of nftables, 10,000 of iptables-nft. */
const NFT = [
  'table inet big {',
  ...Array.from({ length: 2000 }, (_, chain) => {
    const rules = Array.from(
      { length: 10 },
      (_rule, port) => `ip daddr 10.0.0.1 tcp dport ${port + 1} counter accept;`,
    );
    return `chain c${chain} { ${rules.join(' ')} }`;
  }),
  '}\n',
].join('\n');
const IPTABLES = [
  '*filter',
  ':FORWARD DROP',
  ...Array.from({ length: 1000 }, (_, chain) => `:SVC-${chain} -`),
  ...Array.from({ length: 10_000 }, (_, rule) => `-A SVC-${rule % 1000} -d 10.1.${rule >> 8}.${rule & 255} -j ACCEPT`),
  'COMMIT\n',
].join('\n');

/** What `/proc` says of a process, or nothing when it has ended. */
function stat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

/**
 * The processor time that the agent has used, in seconds, with that of its children which have
 * ended (proc(5), stat).
 */
function processorTime({ namespace }: Program): number {
  const ticks = processes(namespace).flatMap((pid) => stat(pid).split(') ')[1]?.split(' ').slice(11, 15) ?? []);
  return ticks.reduce((sum, count) => sum + Number(count), 0) / 100;
}

/** The share of a core that an agent uses which looks at its rules each second. */
async function load(agent: Program): Promise<number> {
  const [before, since] = [processorTime(agent), Date.now()];
  await sleep(2000);
  return (processorTime(agent) - before) / ((Date.now() - since) / 1000);
}

describeInNamespaces('a node with 30,000 rules of others', () => {
  it('costs the agent no more than one without, and a rule of ours is back within two seconds', async () => {
    const node = createNode();
    run(node.namespace, 'iptables-nft -P FORWARD DROP');
    using agent = start(node);
    await untilReady(agent);
    const alone = await load(agent);

    writeConfig(node, 'big.nft', NFT);
    writeConfig(node, 'big.iptables', IPTABLES);
    const { directory } = node;
    run(node.namespace, `nft -f ${directory}/config/big.nft`);
    run(node.namespace, `iptables-nft-restore --noflush ${directory}/config/big.iptables`);
    // What has changed is looked at once.
    await sleep(2000);
    await untilReady(agent);
    const beside = await load(agent);
    expect(beside).toBeLessThan(alone * 2 + 0.05);

    for (const [command, repair] of [
      ['nft flush chain inet gwn_vpn forward', 'packet filter rules loaded'],
      ['iptables-nft -D FORWARD 1', 'rule inserted into FORWARD'],
    ] as const) {
      const logged = agent.log().length;
      run(node.namespace, command);
      const since = Date.now();
      await eventually(() => expect(agent.log().slice(logged)).toContain(repair));
      expect(Date.now() - since).toBeLessThan(2000);
    }
    await untilReady(agent);
  });
});
