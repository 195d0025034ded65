import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { build } from 'vitepress';
import { buildPlayground } from './playground.ts';

const [directory = join(import.meta.dirname, 'dist')] = process.argv.slice(2);

await build(import.meta.dirname, { outDir: directory });
await buildPlayground(join(directory, 'playground'));
// Search engines may read everything.
writeFileSync(join(directory, 'robots.txt'), 'User-agent: *\nAllow: /\n');
