import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import packageJson from './package.json' with { type: 'json' };
import { SkippedReporter } from './test/tools/skipped-reporter.ts';

/** Tests that count packets and mostly wait for them: two files at once. */
const PACKETS = [
  'test/datapath/bed-{installation,pod,traffic,underlay,vlan}.test.ts',
  'test/datapath/{cluster-traffic,container,dns,egress-network,everything,exposure,far-router,firewall}.test.ts',
  'test/datapath/{fixed-addresses,flooding,fragments,identity,multus,node-rules,port-forward,preserve-inbound}.test.ts',
  'test/datapath/{reach,source-address,strangers,vpn}.test.ts',
];

/** Tests that hold what they see against a clock, or use what a machine has once: one file after another, when all others are done. */
const TIMED = [
  'test/datapath/**/*.test.ts',
  'test/bench/**/*.test.ts',
  'test/agent/{idle,drift}.test.ts',
  'test/bare-machine.test.ts',
];

export default defineConfig({
  define: { __VERSION__: JSON.stringify(packageJson.version) },
  plugins: [
    {
      name: 'shell-as-text',
      enforce: 'pre',
      load: (id) =>
        /\.(sh|jq|crd\.yaml)$/.test(id) ? `export default ${JSON.stringify(readFileSync(id, 'utf8'))}` : undefined,
    },
  ],
  test: {
    // kpt-functions replaces the global console when it is imported.
    disableConsoleIntercept: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', new SkippedReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: 'programs',
          include: ['test/**/*.test.ts'],
          exclude: TIMED,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'packets', include: PACKETS, maxWorkers: 2, sequence: { groupOrder: 1 } } },
      {
        extends: true,
        test: { name: 'timed', include: TIMED, exclude: PACKETS, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
