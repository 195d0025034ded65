import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path/posix';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { ROOT } from './commands/command.ts';
import { forbiddenImports, type Room, roomOf, ROOMS } from './rooms.ts';

const FILES = globSync('fn/**/*.{ts,js}', { cwd: ROOT });
const PACKAGES = [...Object.keys(packageJson.devDependencies), 'node:fs', 'node:crypto'];

/** All ways to import, of which the last two are gone when the program runs. */
const FORMS: readonly ((from: string) => string)[] = [
  (from) => `import { a } from '${from}';`,
  (from) => `import '${from}';`,
  (from) => `export * from '${from}';`,
  (from) => `export { a } from '${from}';`,
  (from) => `const a = await import('${from}');`,
  (from) => `import type { A } from '${from}';`,
  (from) => `type A = import('${from}').A;`,
];
const VALUES = FORMS.slice(0, -2);
const TYPES = FORMS.slice(-2);

function filesOf(room: Room): readonly string[] {
  return FILES.filter((file) => roomOf(file, ROOMS) === room);
}

function refusals(file: string, from: string, forms = FORMS): number {
  return forms.filter((form) => forbiddenImports(file, form(from), ROOMS).length > 0).length;
}

test('every file imports what its room may import', () => {
  expect(FILES.flatMap((file) => forbiddenImports(file, readFileSync(join(ROOT, file), 'utf8'), ROOMS))).toEqual([]);
});

test('behind the API nothing of a spec is parsed or defaulted, and nothing is refused that cannot be', () => {
  const signs =
    /\bparse(?:Loose)?(?:Address|Cidr|InterfaceAddress|Ports|Range)\b|api\/generated|filter\(.*undefined|throw /;
  const found = (files: RegExp, sign: RegExp) =>
    FILES.filter((file) => files.test(file) && sign.test(readFileSync(join(ROOT, file), 'utf8')));
  expect(found(/^fn\/(?:plan|render)\//, signs)).toEqual([]);
  expect(found(/^fn\/plan\//, /\?\?/)).toEqual([]);
});

test('a file in no room is named', () => {
  expect(forbiddenImports('fn/nowhere/a.ts', '', ROOMS)).toEqual([
    "fn/nowhere/a.ts is in no room of CONTRIBUTING.md's table",
  ]);
});

describe.each(ROOMS.map((room) => [room.paths.join(), room] as const))('%s', (_, room) => {
  const [file = ''] = filesOf(room);
  const toward = (path: string) => relative(dirname(file), path).replace(/^(?!\.)/, './');

  test('has files', () => expect(file).not.toBe(''));

  test('may import what the table lists', () => {
    const rooms = room.mayImport.map(({ name, typesOnly }) => ({ from: toward(`${name}/a.ts`), typesOnly }));
    const packages = room.packages.map(({ name, typesOnly }) => ({ from: name.replace('*', 'fs'), typesOnly }));
    for (const { from, typesOnly } of [...rooms, ...packages]) {
      expect([from, refusals(file, from, TYPES)]).toEqual([from, 0]);
      expect([from, refusals(file, from, VALUES)]).toEqual([from, typesOnly ? VALUES.length : 0]);
    }
  });

  test.each(ROOMS.filter((other) => other !== room).map((other) => [other.paths.join(), other] as const))(
    'may import nothing else of %s',
    (__, other) => {
      const lets = (path: string) => room.mayImport.some(({ name }) => path === name || path.startsWith(`${name}/`));
      for (const path of filesOf(other).filter((one) => !lets(one)))
        expect([path, refusals(file, toward(path))]).toEqual([path, FORMS.length]);
    },
  );

  test('may import no other package', () => {
    const lets = (from: string) => room.packages.some(({ name }) => from.startsWith(name.replace('*', '')));
    for (const name of PACKAGES.filter((one) => !lets(one)))
      expect([name, refusals(file, name)]).toEqual([name, FORMS.length]);
  });
});
