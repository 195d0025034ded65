import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url));

/**
 * The documents of an example. Fields of its GatewayNetwork are replaced where they are given, by
 * their path below `spec`, such as
 * `overlay.vni`, and taken away where they are `undefined`.
 */
export function example(name: string, fields: Readonly<Record<string, unknown>> = {}): string {
  const files = readdirSync(`${EXAMPLES}${name}`).filter((file) => file.endsWith('.yaml'));
  const documents = files.flatMap((file) => parseAllDocuments(readFileSync(`${EXAMPLES}${name}/${file}`, 'utf8')));
  for (const document of documents) {
    if (document.get('kind') !== 'GatewayNetwork') continue;
    for (const [path, value] of Object.entries(fields)) {
      const at = ['spec', ...path.split('.')];
      if (value === undefined) document.deleteIn(at);
      else document.setIn(at, document.createNode(value));
    }
  }
  return documents
    .map(String)
    .map((text) => (text.startsWith('---') ? text : `---\n${text}`))
    .join('');
}
