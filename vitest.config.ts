import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import packageJson from './package.json' with { type: 'json' };
import { SkippedReporter } from './test/tools/skipped-reporter.ts';

/** Tests that count packets and mostly wait for them, and that of a bare machine: two files at once. */
const PACKETS = [
  'test/bare-machine.test.ts',
  'test/datapath/bed-{installation,pod,traffic,underlay,vlan,vpn}.test.ts',
  'test/datapath/{cluster-traffic,container,dns,egress-network,everything,exposure,far-router,firewall}.test.ts',
  'test/datapath/{fixed-addresses,flooding,fragments,identity,idle-connections,multus,node-rules,odd-destinations,other-release,port-forward,preserve-inbound}.test.ts',
  'test/datapath/{changed-wiring,failover-connections,failover-services,instances,leaks,life,live-mtu}.test.ts',
  'test/datapath/{live-routers,mtu,peers,port-forward-network,predecessor,primary,reach,source-address}.test.ts',
  'test/datapath/{hostile,replaced-rules,standby,strangers,vpn,vpn-leaks}.test.ts',
];

/**
 * Tests that hold what they see against a clock, or use what a machine has once: one file after another, when all
 * others are done.
 */
const TIMED = [
  'test/datapath/**/*.test.ts',
  'test/bench/**/*.test.ts',
  'test/agent/{burst,idle,drift}.test.ts',
  'test/bare-machine.test.ts',
];

/** Tests on a real cluster: three clusters at once, since they mostly wait. */
const CLUSTER = ['test/cluster/**/*.test.ts'];

export default defineConfig({
  define: { __VERSION__: JSON.stringify(packageJson.version) },
  plugins: [
    {
      name: 'as-text',
      enforce: 'pre',
      load: (id) =>
        /\.(sh|pl|crd\.yaml)$/.test(id) ? `export default ${JSON.stringify(readFileSync(id, 'utf8'))}` : undefined,
    },
  ],
  test: {
    // kpt-functions replaces the global console when it is imported.
    disableConsoleIntercept: true,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    reporters: ['default', new SkippedReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: 'programs',
          include: ['{site/,}test/**/*.test.ts'],
          exclude: [...TIMED, ...CLUSTER],
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'packets', include: PACKETS, maxWorkers: 2, sequence: { groupOrder: 1 } } },
      {
        extends: true,
        test: { name: 'timed', include: TIMED, exclude: PACKETS, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
      { extends: true, test: { name: 'cluster', include: CLUSTER, maxWorkers: 3, sequence: { groupOrder: 3 } } },
    ],
  },
});
