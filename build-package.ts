// Lays out what is published to npm in dist/npm: the bundle stands alone, so the tools that built it are left out of package.json.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const target = `${root}dist/npm/`;
const {
  devDependencies: _tools,
  optionalDependencies: _runtimes,
  scripts: _scripts,
  ...published
} = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as Record<string, unknown>;

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
writeFileSync(`${target}package.json`, `${JSON.stringify(published, null, 2)}\n`);
const files = ['README.md', 'LICENSE', 'dist/gateway-network-fn.mjs', 'dist/index.mjs', 'dist/types'];
const schemas = ['schemas/gateway-network.crd.yaml', 'schemas/gateway-network.schema.json'];
for (const file of [...files, ...schemas]) cpSync(`${root}${file}`, `${target}${file}`, { recursive: true });
