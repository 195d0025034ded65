/** `npm run cluster`: a cluster with an example in it, and the world that examples expect, until it is interrupted. */
import { once } from 'node:events';
import { startCluster } from './cluster.ts';
import { neededTools } from './describe.ts';
import { EXAMPLE_TOOLS } from './example-tools.ts';
import { EXAMPLES, LEFT_OUT, MULTI_NODE } from './examples.ts';
import { installExample } from './installed-example.ts';
import { createWorld, MIRROR_PORT, SERVERS } from './world.ts';

const all = [MULTI_NODE, ...EXAMPLES];
const [name = MULTI_NODE.name] = process.argv.slice(2);
const example = all.find((one) => one.name === name);
if (example === undefined) {
  const reason =
    name in LEFT_OUT ? `examples/${name} cannot be installed here: ${LEFT_OUT[name]}` : `no example ${name}`;
  console.error(`${reason}; there are ${all.map((one) => one.name).join(', ')}`);
  process.exit(1);
}
const [tools, programs] = neededTools();
const missing = [...tools, ...EXAMPLE_TOOLS].filter(({ path }) => path === undefined).map(({ title }) => title);
if (missing.length > 0) {
  console.error(`missing: ${missing.join(', ')}; \`test/tools/install.sh\` brings most of it`);
  process.exit(1);
}
const interrupted = Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map(async (signal) => once(process, signal)));
console.error('starting the cluster ...');
await using cluster = await startCluster(programs());
const world = await createWorld(cluster);
console.error(`applying examples/${name} ...`);
const { clients } = await installExample(world, example);
const [client] = clients;
const server = SERVERS[example.egress === 'vlan' ? 'vlan' : 'internet'].IPv4;
console.error(`ready; ends with Ctrl-C. In another terminal:

export KUBECONFIG=${cluster.kubeconfig}
kubectl get pods --all-namespaces --output wide
# A server outside tells the address that it sees.
kubectl --namespace ${client?.kubernetesNamespace} exec ${client?.name} -- nc ${server} ${MIRROR_PORT}`);
await interrupted;
console.error('ending the cluster ...');
