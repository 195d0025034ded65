import { relative, resolve, sep } from 'node:path';
import { quote } from '../../api/quote.ts';
import type { Build } from './build.ts';
import { isIn, nameIn, type Place, resolveIn } from './checkout.ts';
import type { Kind } from './fields.ts';
import { Refusal } from './refusal.ts';

/** The place of names. Its paths are absolute, in the checkout. */
export interface Site {
  /** The file that problems refer to. */
  readonly file: string;
  /** The directory to which names are relative, with all links resolved. */
  readonly root: string;
  /** The directory to which names in configurations of plugins are relative. */
  readonly pluginRoot: string;
  /** The number of kustomizations above it. */
  readonly depth: number;
}

/**
 * What kustomize may take for remote (api/internal/git/repospec.go,
 * api/internal/loader/fileloader.go), and somewhat more.
 */
const REMOTE = /[:@?]|^github\.com|_git\//i;
/** What it may take for remote where only a file is allowed. */
const URL = /^\s*[a-z][a-z0-9+.-]*:(?:\/\/|:)/i;
/** What kustomize fetches even if a file has that name. */
const ALWAYS_REMOTE = /^\s*https?:/i;

/** The kinds of names that may lead to a directory. */
const LEADS_TO_DIRECTORY: ReadonlySet<Kind> = new Set(['resource', 'directory', 'plugin']);

/**
 * Returns the path that replaces a name. It begins with `./` or `../`, so that kustomize does not
 * take it for a URL. A file is added to the copy, a directory is visited later.
 * @throws {@link Refusal} for a name that must not be read
 */
export function pathWritten(
  build: Build,
  site: Site,
  kind: Kind,
  text: string,
  field: string,
  take: (kind: Kind, path: string, place: Place) => void,
): string {
  const { checkout } = build;
  const subject = `\`${field}\` ${quote(text)}`;
  const mayBeDirectory = LEADS_TO_DIRECTORY.has(kind);
  const remote = `${subject} is remote, and must be a file${mayBeDirectory ? ' or directory' : ''} of this repository`;
  if (ALWAYS_REMOTE.test(text)) throw new Refusal(remote);
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\0-\x1F\x7F]/.test(text)) throw new Refusal(`${subject} must be a path without control characters`);
  const target = resolve(site.root, text);
  const place = isIn(checkout, target) ? resolveIn(checkout, target) : undefined;
  if (place === undefined) {
    if ((mayBeDirectory ? REMOTE : URL).test(text)) throw new Refusal(remote);
    if (isIn(checkout, target)) return pathFrom(site.root, target);
    throw mayBeDirectory
      ? new Refusal(`${subject} leads out of the repository; all files must be in it`)
      : outside(site, subject, target, checkout.root);
  }
  if (place.isDirectory) {
    if (!mayBeDirectory) throw new Refusal(`${subject} is a directory, and must be a file`);
    build.visits.push({
      directory: place.path,
      collectsFor: kind === 'plugin' ? site.pluginRoot : undefined,
      depth: site.depth + 1,
    });
    return pathFrom(site.root, place.path);
  }
  if (kind === 'directory') throw new Refusal(`${subject} is a file, and must be a directory`);
  if (!target.startsWith(site.root + sep)) throw outside(site, subject, target, checkout.root);
  take(kind, target, place);
  return pathFrom(site.root, target);

  function outside({ root }: Site, what: string, path: string, top: string): Refusal {
    const [file, folder] = [path, root].map((inner) => (inner.startsWith(top + sep) ? nameIn(checkout, inner) : inner));
    return new Refusal(
      `${what}: security; file '${file}' is not in or below '${folder}', where kustomize must find it`,
    );
  }
}

function pathFrom(root: string, target: string): string {
  const path = relative(root, target) || '.';
  return path === '..' || path.startsWith(`..${sep}`) ? path : `./${path}`;
}
