import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { run } from './namespace.ts';
import { createNode, overlay, peers } from './node.ts';
import { type Program, start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

const SERVICE = 'vpn-peers.egress.svc.cluster.local';

/** A name server on the node's loopback, where the agent asks. */
interface NameServer extends Disposable {
  readonly process: ChildProcess;
  /** Replaces the addresses that the service has. */
  readonly write: (addresses: readonly string[]) => void;
}

function startNameServer({ namespace, directory }: Program): NameServer {
  const records = `${directory}/records`;
  writeFileSync(records, '');
  const options = `--keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --addn-hosts=${records} --user=root
    --pid-file= --local=/cluster.local/`;
  const server = spawn('ip', ['netns', 'exec', namespace, 'dnsmasq', ...options.split(/\s+/)], { stdio: 'ignore' });
  return {
    process: server,
    write: (addresses) => {
      writeFileSync(records, addresses.map((address) => `${address} ${SERVICE}\n`).join(''));
      server.kill('SIGHUP');
    },
    [Symbol.dispose]: () => server.kill('SIGKILL'),
  };
}

/** What may happen to the name that the server has answered before. */
const FAILURES: readonly [string, (server: NameServer) => void][] = [
  ['does not know the name any more', (server) => server.write([])],
  ['knows it by another family only', (server) => server.write(['fd00:18::11', 'fd00:18::12'])],
  ['does not answer', (server) => server.process.kill('SIGSTOP')],
  ['is gone', (server) => server.process.kill('SIGKILL')],
];

/** The node's own address is among what is answered, or the answer is not believed. */
const OWN = '172.18.0.11';
const KNOWN = Array.from({ length: 500 }, (_, index) => `172.19.${index % 2}.${1 + (index >> 1)}`);

describeInNamespaces(
  'when the name server',
  () => {
    it.each(FAILURES)('%s, five hundred peers stay and the agent says so', async (_, fail) => {
      const values = { ...overlay({ flooding: { type: 'Discovered', service: SERVICE } }), peers: undefined };
      const node = createNode(values, 11, { PEER_GRACE: '0', LOOK_UP_EVERY: '1' });
      using server = startNameServer(node);
      await eventually(() => run(node.namespace, 'ss -Hlun sport = 53 | grep -q .'));
      server.write([OWN, ...KNOWN]);
      using agent = start(node);
      await untilReady(agent);
      expect(peers(node).toSorted()).toEqual(KNOWN.toSorted());
      const logged = agent.log().length;
      fail(server);
      await untilReady(agent, `ready; ${SERVICE} does not resolve to an IPv4 address: the known peers are kept`);
      expect(peers(node).toSorted()).toEqual(KNOWN.toSorted());
      expect(agent.log().slice(logged)).toMatch(/^ready; .*\n$/);
    });
  },
  ['dnsmasq'],
);
