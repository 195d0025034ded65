// Leaves in dist/types what the library's types lead to, for programs that import and for those that require. The rest
// speaks of packages that users do not have.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('dist/types/', import.meta.url));
const IMPORT = /(?<=\b(?:from |import |import\()['"])[^'"]+/g;

/** @type {Map<string, string>} Declarations by path. */
const reached = new Map();

/** @param {string} path of a declaration */
function reach(path) {
  if (reached.has(path)) return;
  const text = readFileSync(path, 'utf8');
  reached.set(path, text);
  for (const [name] of text.matchAll(IMPORT)) {
    if (!name.startsWith('.')) throw new Error(`${path} imports types of ${name}, which users need not have`);
    reach(join(dirname(path), name.replace(/\.ts$/, '.d.ts')));
  }
}

reach(join(FOLDER, 'index.d.ts'));
rmSync(FOLDER, { recursive: true });
for (const [path, text] of reached) {
  mkdirSync(dirname(path), { recursive: true });
  for (const [declaration, program] of [
    ['.d.ts', '.js'],
    ['.d.cts', '.cjs'],
  ]) {
    const target = path.replace(/\.d\.ts$/, declaration);
    writeFileSync(
      target,
      text.replaceAll(IMPORT, (name) => name.replace(/\.ts$/, program)),
    );
  }
}
