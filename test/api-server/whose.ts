import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { AGENT_CONFIG } from '../../fn/node/config/agent-config.ts';
import { parseAttachment } from '../../fn/node/node-agent/attachment.ts';
import { judge } from '../../fn/node/node-agent/identities.ts';
import { parseLinks } from '../../fn/node/node-agent/link.ts';
import { run } from '../agent/namespace.ts';
import type { MultusNode } from './multus.ts';

/** What the node agent makes of the ports of a node, by the files that Multus has libcni keep. */
export function whose({ namespace, results }: MultusNode, documents: readonly string[]): readonly string[] {
  const configs = documents
    .flatMap((document) => parse(document)?.data?.['config.json'] ?? [])
    .map((text) => JSON.parse(text));
  const { attachments } = AGENT_CONFIG.check(
    configs.find((config) => 'attachments' in config),
    'config.json: ',
  );
  if (attachments === undefined) throw new Error('no agent is told of attachments');
  const links = parseLinks(run(namespace, 'ip -j link show master in-vpn-4gfy37'));
  const files = readdirSync(results).flatMap(
    (file) => parseAttachment(readFileSync(`${results}/${file}`, 'utf8')) ?? [],
  );
  const { bound, refused, waiting } = judge(attachments, 'egress', links, files);
  return [
    ...bound.map(({ port }) => `bound ${port}`).toSorted(),
    ...refused.map(({ port, reason }) => `refused ${port} ${reason}`),
    ...waiting.map((port) => `waiting ${port}`),
  ];
}
