import { existsSync, globSync } from 'node:fs';
import { homedir } from 'node:os';
import { expect, it } from 'vitest';
import { createNamespace, join, type Namespace, run, tryRun } from './namespace.ts';
import { start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';
import { ATTACHMENT, createRouter, letOutsideAnswer, OUTSIDE, reached, type Router, ROUTER_PLAN } from './router.ts';
import { titleNeeding } from '../tools/needs-title.ts';
import { add, del, type Network, type Result } from './router-cni.ts';

const TOOLS =
  process.env['GATEWAY_NETWORK_FN_TOOLS'] ??
  `${process.env['XDG_CACHE_HOME'] ?? `${homedir()}/.cache`}/gateway-network-fn/tools`;
const DEBIAN = '/usr/lib/cni';
/** The oldest and the current plugins that are here. */
const DIRECTORIES = [DEBIAN, ...globSync(`${TOOLS}/cni/*/`).map((directory) => directory.replace(/\/$/, ''))];

/** A router and a client that a node's bridge joins, the router by the real plugins. */
function createAttached(directory: string): Router & { readonly network: Network; readonly result: Result } {
  const network = { directory, config: ATTACHMENT, node: createNamespace() };
  let result: Result | undefined;
  const attach = (router: Namespace, client: Namespace) => {
    run(router, 'echo 1 > /proc/sys/net/ipv6/conf/default/accept_dad');
    result = add(network, router);
    join(network.node, 'client', client, 'net1');
    run(network.node, `ip link set client master ${ATTACHMENT.plugins[0].bridge}`);
    run(client, 'ip link set net1 mtu 1450');
  };
  const router = createRouter({}, {}, attach);
  return { ...router, network, result: result as Result };
}

describeInNamespaces("a router's attachment", () => {
  for (const directory of DIRECTORIES) {
    const installed = existsSync(`${directory}/bridge`) && existsSync(`${directory}/tuning`);
    const missing = installed ? [] : [directory === DEBIAN ? "Debian's CNI plugins" : 'CNI plugins'];
    const suffix = titleNeeding(`with the plugins of ${directory}`, missing);

    it.skipIf(!installed)(`has no address, not the router's MAC, and goes again, ${suffix}`, () => {
      const { namespace, network, result } = createAttached(directory);
      const shown = run(namespace, 'ip -o addr show dev net1; ip -o link show dev net1');
      expect(result.ips).toBeUndefined();
      expect(shown).not.toContain(ROUTER_PLAN.mac);
      expect(shown).not.toContain('scope global');
      expect(shown).toContain('mtu 1450');
      for (const [key, value] of Object.entries(ATTACHMENT.plugins[1].sysctl)) {
        // The kernel writes a tab between the numbers of a range.
        const found = run(namespace, `cat /proc/sys/${key.replaceAll('.', '/')}`).replaceAll('\t', ' ');
        expect(found, key).toBe(`${String(value)}\n`);
      }
      // Plugins of 1.1.1 do not know how to leave it down.
      if (directory !== DEBIAN) expect(shown).toMatch(/<BROADCAST,MULTICAST>/);
      del(network, namespace, result);
      expect(tryRun(namespace, 'ip link show dev net1')).toBeUndefined();
    });

    it.skipIf(!installed)(`is closed until the rules are loaded, in every new pod, ${suffix}`, async () => {
      const router = createAttached(directory);
      letOutsideAnswer(router);
      let { result } = router;
      for (let pod = 0; pod < 2; pod++) {
        expect(reached(router)).toEqual([]);
        // A directory for each, or the first one's state would be taken for the second's.
        const environment = { ...router.environment, STATE_DIR: `${router.directory}/state/${pod}` };
        using running = start({ ...router, environment });
        await untilReady(running);
        // At once: nobody has to find anything out, and IPv6 waits for no duplicate address detection.
        expect(run(router.namespace, 'ip addr show dev net1')).not.toMatch(/tentative|dadfailed/);
        expect(reached(router)).toEqual(OUTSIDE);
        await running.stop();
        del(router.network, router.namespace, result);
        run(router.namespace, 'nft flush ruleset');
        result = add(router.network, router.namespace);
      }
    });
  }
});
