import { execFile } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { run } from '../agent/namespace.ts';
import { startClient } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, untilReady } from './bed/installation.ts';
import type { Node } from './bed/node.ts';
import { describeDatapath } from './bed/requirements.ts';
import { INTERNET } from './bed/underlay.ts';

// What the packet filters of the nodes cost a client that is not on the router's node: the figures of
// docs/how-it-works.md. Takes two minutes on a machine with nothing else to do: `npm run measure`.

const PORT = 9000;
const ROUNDS = 12;
const MILLISECONDS = 3000;
const PROGRAM = fileURLToPath(new URL('bed/bulk.ts', import.meta.url));

interface Round {
  /** Bits a second. */
  readonly rate: number;
  /** Processor time of the whole machine for each gigabyte, in seconds. */
  readonly cost: number;
}

/** The processor time of this machine, in seconds: user, nice, system, irq and softirq of proc_stat(5). */
function processorTime(): number {
  const fields = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/ +/).slice(1).map(Number) ?? [];
  return [0, 1, 2, 5, 6].reduce((sum, index) => sum + (fields[index] ?? 0), 0) / 100;
}

async function send(namespace: string, address: string): Promise<Round> {
  const before = processorTime();
  const command = [
    'netns',
    'exec',
    namespace,
    process.execPath,
    PROGRAM,
    'send',
    address,
    `${PORT}`,
    `${MILLISECONDS}`,
  ];
  const { stdout } = await promisify(execFile)('ip', command);
  const bytes = Number(stdout);
  return { rate: (bytes * 8 * 1000) / MILLISECONDS, cost: (processorTime() - before) / (bytes / 1e9) };
}

/** The table that exempts the network from the CNI's source NAT: without it nothing comes back. */
const NEEDED = 'table inet gwn_egress.vpn';

/** Takes the network's other tables away from nodes, and returns what brings them back. */
function takeTables(nodes: readonly Node[]): () => void {
  const saved = nodes.map(({ namespace }) => {
    const all = run(namespace, 'nft list tables').match(/^table \w+ gwn_\S+$/gm) ?? [];
    const tables = all.filter((table) => table !== NEEDED);
    const texts = tables.map((table) => run(namespace, `nft list ${table}`));
    for (const table of tables) run(namespace, `nft delete ${table}`);
    expect(tables.length).toBeGreaterThan(3);
    return { namespace, text: texts.join('\n') };
  });
  return () => {
    for (const { namespace, text } of saved) run(namespace, `nft -f - <<'EOF'\n${text}\nEOF`);
  };
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

describeDatapath('a client that is not on the node of its router', () => {
  it.each([INTERNET.IPv4, INTERNET.IPv6])(
    'is slowed by the packet filters by a fifth at the most, to %s',
    async (address) => {
      using cluster = createCluster();
      const installation = install(cluster, example('multi-node', { subnets: ['192.168.50.0/24', 'fd00:50::/64'] }), 2);
      const { agents, routers } = installation;
      await untilReady([...agents, ...routers]);
      const client = startClient(installation, 1);
      const serve = ['netns', 'exec', cluster.underlay.internet, process.execPath, PROGRAM, 'serve', `${PORT}`];
      using server = spawn('ip', serve, { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(server.stdout, 'data');
      await send(client.namespace, address);
      // Agents would bring the tables back.
      for (const pid of agents.flatMap((agent) => agent.processes())) process.kill(pid, 'SIGSTOP');

      const guarded: Round[] = [];
      const bare: Round[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        guarded.push(await send(client.namespace, address));
        const bringBack = takeTables(cluster.nodes);
        bare.push(await send(client.namespace, address));
        bringBack();
      }
      for (const pid of agents.flatMap((agent) => agent.processes())) process.kill(pid, 'SIGCONT');
      const of = (rounds: readonly Round[], field: keyof Round) => median(rounds.map((round) => round[field]));
      const [rates, costs] = (['rate', 'cost'] as const).map((field) => [of(guarded, field), of(bare, field)]) as [
        number[],
        number[],
      ];
      console.log({ address, gigabits: rates.map((rate) => rate / 1e9), secondsForEachGigabyte: costs });
      expect((rates[0] ?? 0) / (rates[1] ?? 1)).toBeGreaterThan(0.8);
    },
    180_000,
  );
});
