import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../agent/namespace.ts';
import type { MultusNode } from './multus.ts';

/** What the node agent makes of the ports of a node, by the files that Multus has libcni keep. */
export function whose({ namespace, results }: MultusNode, documents: readonly string[]): readonly string[] {
  const config = documents.map((document) => parse(document)).find(({ data }) => data?.['attachments.json'])?.data;
  writeFileSync(`${results}/../attachments.json`, config['attachments.json']);
  writeFileSync(`${results}/../links.json`, run(namespace, 'ip -j link show master in-vpn-4gfy37'));
  const values = { namespace: 'egress', group: '1', vxlan: '', table: 'ports' };
  const files = { links: 'links.json', attachments: 'attachments.json' };
  const args = [
    ...Object.entries(values).flatMap(([name, value]) => ['--arg', name, value]),
    ...Object.entries(files).flatMap(([name, file]) => ['--slurpfile', name, `${results}/../${file}`]),
  ];
  const lines = readdirSync(results).map((file) => `${readFileSync(`${results}/${file}`, 'utf8')}\n`);
  const program = join(import.meta.dirname, '../../fn/agent/identities.jq');
  const printed = execFileSync('jq', ['-nrR', ...args, '-f', program], { input: lines.join(''), encoding: 'utf8' });
  return printed.slice(0, printed.indexOf('rules\n')).trim().split('\n');
}
