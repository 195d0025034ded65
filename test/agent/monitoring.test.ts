import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { metricsServer } from '../../fn/render/metrics-server.ts';
import { ROUTER_PAGE } from '../../fn/render/metrics.ts';
import { routerRules } from '../../fn/render/router-rules.ts';
import type { LocatedPlan } from '../../fn/plan/network-plan.ts';
import { planOf } from '../plan/network.ts';
import { createEgressRouter, egressSpec } from './egress-router.ts';
import { eventually } from './eventually.ts';
import { type Namespace, run, tryRun } from './namespace.ts';
import { start, untilReady, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';
import { configWithoutBridge, createRouter, dropped, EGRESS, OUTSIDE, reached, type Router } from './router.ts';

const MONITORED = 'monitoring: {type: PrometheusOperator}';
const PLAN = planOf(`{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}, ${MONITORED}}`);

/** Has a router write its metrics where the test finds them. */
function monitor<R extends Router>(router: R, plan: LocatedPlan): R & { readonly page: string } {
  const page = `${router.directory}/state/metrics.txt`;
  const { 'config.json': config = '', ...files } = configWithoutBridge(plan);
  writeConfig(router, 'config.json', JSON.stringify({ ...JSON.parse(config), metricsPage: page }));
  for (const [file, text] of Object.entries(files)) writeConfig(router, file, text);
  return { ...router, page, environment: { ...router.environment, METRICS_EVERY: '1' } };
}

/** Starts the server of the manifest at an address of the router's pod; it ends with the namespace. */
function serve({ namespace, directory }: Router, plan: LocatedPlan, address: string): void {
  const [server] = metricsServer(plan, ROUTER_PAGE);
  const command = server?.command?.map((word) => (word.startsWith('/') ? `${directory}/state` : word)) ?? [];
  const line = command.map((word) => `'${word.replace('$(POD_IP)', address)}'`).join(' ');
  run(
    namespace,
    `${line} </dev/null >/dev/null 2>&1 & for i in $(seq 50); do ss -Hlnt | grep -q 9473 && break; sleep 0.1; done`,
  );
}

const read = (from: Namespace, address: string) =>
  tryRun(from, `curl -sf -m 1 http://${address.includes(':') ? `[${address}]` : address}:9473/metrics.txt`);

describeInNamespaces(
  'the metrics of a router',
  () => {
    it('tell of the bytes of each client, and of drops, and leave its rules alone', async () => {
      const router = monitor(createRouter(), PLAN);
      using running = start(router);
      await untilReady(running);
      expect(reached(router)).toEqual(OUTSIDE);
      tryRun(router.client, 'curl -s -m 1 http://192.168.50.1:9473/');
      const own = 'network="egress/vpn",router="vpn-router-0"';
      await eventually(() => {
        const text = readFileSync(router.page, 'utf8');
        for (const direction of ['sent', 'received']) {
          const name = `gateway_network_router_client_${direction}_bytes_total`;
          expect(text).toContain(`${name}{${own},client="192.168.50.20"} 84\n`);
          expect(text).toContain(`${name}{${own},client="fd00:50::20"} 104\n`);
        }
        expect(text).toMatch(/^gateway_network_dropped_packets_total\{.*reason="to-router"\} [1-9]/m);
        expect(text).toMatch(/^gateway_network_router_connections\{.*\} [1-9]/m);
        expect(text).toMatch(/^gateway_network_router_connections_limit\{.*\} [1-9]/m);
      });
      await eventually(() => expect(reached(router)).toEqual(OUTSIDE));
      expect(running.log().match(/packet filter rules loaded/g)).toHaveLength(1);
      await running.stop();
      expect(() => readFileSync(router.page)).toThrow('no such file');
    });

    it('name no more clients than there is room for, and the others are forwarded all the same', async () => {
      const router = monitor(createRouter(), PLAN);
      const rules = routerRules(PLAN).replaceAll(/size \d+/g, 'size 1');
      writeConfig(router, 'rules.nft', rules);
      using running = start(router);
      await untilReady(running);
      run(router.client, 'ip addr add 192.168.50.21/24 dev net1');
      for (const source of ['192.168.50.20', '192.168.50.21'])
        run(router.client, `ping -n -c 2 -i 0.1 -W 1 -I ${source} ${OUTSIDE[0]}`);
      await eventually(() => {
        const clients = readFileSync(router.page, 'utf8').matchAll(/sent_bytes_total\{.*client="(\d.*)"\}/g);
        expect([...clients].map(([, client]) => client)).toEqual(['192.168.50.20']);
      });
    });

    it.each(EGRESS)('are read at %s by the primary network, and not by clients from the network', async (address) => {
      const router = monitor(createRouter(), PLAN);
      serve(router, PLAN, address);
      using running = start(router);
      await untilReady(running);
      await eventually(() => expect(read(router.outside, address)).toContain('gateway_network_router_ready'));
      const gateway = address.includes(':') ? 'fd00:50::1' : '192.168.50.1';
      expect([address, gateway].map((each) => read(router.client, each))).toEqual([undefined, undefined]);
      expect(dropped(router, 'to-router')).toBeGreaterThanOrEqual(2);
    });

    it('are not read from the network of the egress', async () => {
      const plan = planOf(egressSpec().replace('{', `{${MONITORED}, `));
      const router = monitor(createEgressRouter(), plan);
      serve(router, plan, EGRESS[0]);
      using running = start(router);
      await untilReady(running);
      await eventually(() => expect(read(router.outside, EGRESS[0])).toContain('gateway_network_router_ready'));
      run(router.attacker, `ip route add ${EGRESS[0]} via 10.99.0.11`);
      expect([EGRESS[0], '10.99.0.11'].map((each) => read(router.attacker, each))).toEqual([undefined, undefined]);
      expect(dropped(router, 'to-address-of-other-interface')).toBeGreaterThanOrEqual(1);
      expect(dropped(router, 'to-router-on-egress')).toBeGreaterThanOrEqual(1);
    });
  },
  ['busybox', 'curl', 'ss'],
);
