import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, matchesGlob } from 'node:path/posix';
import { parseAst } from 'rolldown/parseAst';
import { ROOT } from './commands/command.ts';

/** A row of the table of rooms in CONTRIBUTING.md. */
export interface Room {
  /** Folders, files, or one glob of files: `fn/net`, `fn/main.ts`, `fn/*.ts`. */
  readonly paths: readonly string[];
  readonly mayImport: readonly Permission[];
  readonly packages: readonly Permission[];
}

interface Permission {
  /** A path from the root of the repository, or the name of a package. */
  readonly name: string;
  readonly typesOnly: boolean;
}

interface Import {
  readonly from: string;
  /** Whether it is an `import type`, which the build drops. */
  readonly typesOnly: boolean;
}

const HEADER = '| room | what it is for | may import | packages |';

/** The rooms of `fn`, in the order of the table. */
export function roomsOf(contributing: string): readonly Room[] {
  const rows = contributing.slice(contributing.indexOf(HEADER)).split('\n\n')[0]?.split('\n').slice(2) ?? [];
  return (
    rows
      // Cells are between bars; `\|` is a bar within one.
      .map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()))
      .map(([, names = '', , rooms = '', packages = '']) => ({
        paths: [...names.matchAll(/`(fn\/[^`]+)`/g)].map(([, path = '']) => path),
        mayImport: permissions(rooms, pathOf),
        packages: permissions(packages, (name) => name),
      }))
      .filter(({ paths }) => paths.length > 0)
  );
}

function permissions(cell: string, read: (name: string) => string): readonly Permission[] {
  const names = cell
    .replace(/ *\|$/, '')
    .split(', ')
    .filter((name) => name.trim() !== '');
  return names.map((name) => ({ name: read(name.replace('types of ', '')), typesOnly: name.startsWith('types of ') }));
}

/** The table leaves `fn/` and `.ts` out. */
function pathOf(name: string): string {
  const path = [`fn/${name}`, `fn/${name}.ts`, name].find((candidate) => existsSync(join(ROOT, candidate)));
  if (path === undefined) throw new Error(`CONTRIBUTING.md's table of rooms names ${name}, which is not there`);
  return path;
}

/** The room that a file is in: a row that names the file, else its folder, else a glob. */
export function roomOf(file: string, rooms: readonly Room[]): Room | undefined {
  const holds = (match: (path: string) => boolean) => rooms.find(({ paths }) => paths.some(match));
  return holds((path) => isWithin(file, path)) ?? holds((path) => matchesGlob(file, path));
}

function isWithin(file: string, path: string): boolean {
  return file === path || file.startsWith(`${path}/`);
}

function importsOf(file: string, source: string): readonly Import[] {
  const lang = file.endsWith('.d.ts') ? 'dts' : 'ts';
  return [...nodes(parseAst(source, { lang }))].flatMap(({ type, source: from, importKind, exportKind }) => {
    const path = isObject(from) ? from['value'] : undefined;
    const typesOnly = type === 'TSImportType' || [importKind, exportKind].includes('type');
    return typeof path === 'string' ? [{ from: path, typesOnly }] : [];
  });
}

/** A node of the syntax tree and all below it. What has a `source` imports. */
function* nodes(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (!isObject(value)) return;
  yield value;
  for (const child of Object.values(value)) yield* nodes(child);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** What a file imports although the table does not let it. */
export function forbiddenImports(file: string, source: string, rooms: readonly Room[]): readonly string[] {
  const room = roomOf(file, rooms);
  if (room === undefined) return [`${file} is in no room of CONTRIBUTING.md's table`];
  return importsOf(file, source)
    .filter(({ from, typesOnly }) => {
      const target = from.startsWith('.') ? join(dirname(file), from) : undefined;
      if (target === undefined) return !room.packages.some(lets(typesOnly, (name) => matchesPackage(from, name)));
      return roomOf(target, rooms) !== room && !room.mayImport.some(lets(typesOnly, (name) => isWithin(target, name)));
    })
    .map(({ from, typesOnly }) => `${file}: ${typesOnly ? 'import type' : 'import'} '${from}'`);
}

function lets(typesOnly: boolean, matches: (name: string) => boolean): (permission: Permission) => boolean {
  return (permission) => matches(permission.name) && (typesOnly || !permission.typesOnly);
}

function matchesPackage(from: string, name: string): boolean {
  return name.endsWith(':*') ? from.startsWith(name.slice(0, -1)) : isWithin(from, name);
}

export const ROOMS = roomsOf(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8'));
