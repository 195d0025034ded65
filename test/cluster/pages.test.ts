import { expect, it } from 'vitest';
import { type Block, blocksOf, read } from '../documents/page.ts';
import { type Reader, readerOf } from '../engines/reader.ts';
import * as tools from '../engines/tool.ts';
import { describeCluster } from './describe.ts';
import { until } from './process.ts';

/** The story of a network, from its install to its end. */
const STORY = 'docs/upgrade.md';
/** Pages whose commands look at a network that runs. */
const LOOKING = ['docs/dns.md', 'docs/egress-network.md', 'docs/troubleshooting.md', 'docs/vpn.md'];
/** What stands for names that a page leaves open. */
const NAMES = [
  ['AGENT', 'ds/vpn-node-agent'],
  ['CLIENT', 'deploy/client'],
  ['POD', 'ds/vpn-node-agent'],
  ['ROUTER', 'deploy/vpn-router-0'],
] as const;
/** What the network of examples/multi-node has besides, so that those pages speak of it. */
const MORE = `      dns: Gateway
  gateway:
    firewall: {deny: [{cidrs: [198.51.100.0/24]}]}
    dns: {upstreams: [203.0.113.53]}
`;

const git = tools.command('git');
const kubectl = tools.kubectls().at(-1) ?? { title: 'kubectl' };

describeCluster(
  'pages',
  {},
  (cluster) => {
    it('commands install a network, look at it, roll it back and remove it', { timeout: 300_000 }, async () => {
      const reader = readerOf(STORY, { git: git.path ?? '', kubectl: kubectl.path ?? '' }, cluster());
      const network = read('examples/multi-node/gateway-network.yaml');
      reader.write('networks/gateway-network.yaml', network + MORE);
      reader.write('networks/client.yaml', endingSoon(read('examples/multi-node/client.yaml')));
      reader.write('provider.conf', '[Interface]\n');
      const [before = ''] = read(STORY).split('## Uninstall');
      const isOfEnd = ({ line }: Block) => line > before.split('\n').length;

      const blocks = blocksOf(read(STORY)).filter(({ language }) => language === 'sh');
      for (const block of blocks.filter((one) => !isOfEnd(one))) {
        await runs(reader, STORY, block);
        if (block.text.includes('rollout status')) await looksAround(reader);
      }
      reader.write('networks/gateway-network.yaml', network.replace(/^ {2}clients:[^]*/m, ''));
      for (const block of blocks.filter(isOfEnd)) await runs(reader, STORY, block);
      const pods = ['-n', 'egress', 'get', 'pods', '-o', 'name'];
      await until('the end of agents and routers', 90, async () => (await cluster().kubectl(pods)) === '');
    });
  },
  [git],
);

function endingSoon(workload: string): string {
  return workload.replace(/^( *)containers:/m, '$1terminationGracePeriodSeconds: 1\n$&');
}

async function looksAround(reader: Reader): Promise<void> {
  for (const page of LOOKING)
    for (const block of blocksOf(read(page)))
      if (block.marks['run by'] === 'test/cluster/pages.test.ts') await runs(reader, page, block);
}

async function runs(reader: Reader, page: string, block: Block): Promise<void> {
  const text = NAMES.reduce(
    (left, [name, object]) => left.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), object),
    block.text,
  );
  const { status, printed } = await reader.run({ ...block, text });
  console.log(`${page}:${block.line}\n${printed}`);
  expect(status, `${page}:${block.line}\n${text}${printed}`).toBe(0);
}
