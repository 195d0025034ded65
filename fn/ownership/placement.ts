import { INDEX_ANNOTATIONS, PATH_ANNOTATIONS } from '../krm/annotations.ts';
import type { KubernetesObject, Owner } from '../krm/input.ts';
import { annotationsOf, fileOf, type Item, textOf } from '../krm/item.ts';

/** A path annotation in the form that kpt writes. */
const PATH_LINE = /^ *(?:internal\.)?config\.kubernetes\.io\/path: '([^'\n]*)'$/m;

/** New objects, and the network that renders them. */
export interface Addition {
  readonly owner: Owner;
  /** The network's own item. */
  readonly home: Item;
  readonly objects: readonly KubernetesObject[];
}

/**
 * Gives new objects a path beside their network, if the orchestrator keeps files:
 * `<directory>/<network>/<kind>_<name>.yaml`, or `<directory>/<network>.<namespace>/…` if two
 * networks of that name share the directory. Objects in the same file differ in their index.
 * Without path annotations nothing is added.
 */
export function place(additions: readonly Addition[], items: readonly Item[]): KubernetesObject[] {
  const directories = directoriesOf(additions);
  if (directories.every((directory) => directory === undefined)) return additions.flatMap(({ objects }) => objects);
  const used = usedIn(items, new Set(directories));
  return additions.flatMap(({ objects }, index) => {
    const directory = directories[index];
    return directory === undefined ? objects : objects.map((object) => withPath(object, directory, used));
  });
}

/** The directory for the new objects of each network; undefined if there are no files, or no new objects. */
function directoriesOf(additions: readonly Addition[]): readonly (string | undefined)[] {
  const folders = additions.map(folderOf);
  const sharing = new Map<string | undefined, number>();
  for (const folder of folders) sharing.set(folder, (sharing.get(folder) ?? 0) + 1);
  return additions.map(({ owner: { namespace }, objects }, index) => {
    const folder = folders[index];
    if (folder === undefined || objects.length === 0) return undefined;
    return sharing.get(folder) === 1 || namespace === '' ? folder : `${folder}.${namespace}`;
  });
}

/** Whether the orchestrator keeps the item in a file. */
export function hasPath(item: Item): boolean {
  return pathOf(item) !== undefined;
}

function pathOf(item: Item): string | undefined {
  const annotations = annotationsOf(item);
  const path = PATH_ANNOTATIONS.map((key) => annotations[key]).find((value) => value !== undefined && value !== '');
  return typeof path === 'string' ? path : undefined;
}

/** The folder of the network, always inside the package. */
function folderOf({ owner, home }: Addition): string | undefined {
  const path = pathOf(home);
  const segments = path?.split('/').slice(0, -1) ?? [];
  const inside = segments.filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return path === undefined ? undefined : [...inside, owner.name].join('/');
}

/**
 * The next free index of each file in the directories. An item is not parsed if its text shows
 * another path.
 */
function usedIn(items: readonly Item[], directories: ReadonlySet<string | undefined>): Map<string, number> {
  const used = new Map<string, number>();
  for (const item of items) {
    const seen = PATH_LINE.exec(textOf(item))?.[1];
    if (seen !== undefined && !directories.has(seen.slice(0, seen.lastIndexOf('/')))) continue;
    const file = fileOf(item);
    if (file) used.set(file.path, Math.max(used.get(file.path) ?? 0, file.index + 1));
  }
  return used;
}

function withPath(object: KubernetesObject, directory: string, used: Map<string, number>): KubernetesObject {
  const name = `${object.kind?.toLowerCase()}_${object.metadata?.name}`.replaceAll(/[^\w.-]/g, '-');
  const path = `${directory}/${name}.yaml`;
  const index = used.get(path) ?? 0;
  used.set(path, index + 1);
  const annotations = {
    ...object.metadata?.annotations,
    [PATH_ANNOTATIONS[0]]: path,
    ...(index > 0 && { [INDEX_ANNOTATIONS[0]]: String(index) }),
  };
  return { ...object, metadata: { ...object.metadata, annotations } };
}
