import { createNamespace, run } from './namespace.ts';
import { createNode, type Values } from './node.ts';
import { type Program, start, untilReady } from './program.ts';

/** Two nodes on one underlay, 172.18.0.11 and .12, each with an agent that is ready. */
export async function createNodes(values: Values): Promise<[Program, Program]> {
  const wire = createNamespace();
  run(wire, 'ip link add wire type bridge mcast_snooping 0 && ip link set wire up');
  const create = (host: number) => {
    const node = createNode(values, host, { INTERVAL: '60' });
    run(node.namespace, `ip link set fabric netns ${wire} name node${host}`);
    run(wire, `ip link set node${host} master wire up`);
    return node;
  };
  const nodes: [Program, Program] = [create(11), create(12)];
  const agents = nodes.map(start);
  for (const agent of agents) await untilReady(agent);
  return nodes;
}
