import { now } from '../system/clock.ts';
import { namesIn, readFile, stampOf } from '../system/files.ts';
import { type Attachment, parseAttachment } from './attachment.ts';
import type { InterfaceEnds } from './primary-links.ts';

/** A file of libcni's cache, as it was read. */
interface File {
  readonly stamp: string;
  /** Of all interfaces in it, a line each: one text takes less memory than many. */
  readonly names: string;
  attachment: Attachment | undefined;
}

/** How often, in milliseconds, files are looked at of which there are neither more nor fewer. */
const LOOK_EVERY = 1000;

/** What stands in the folder of Multus. */
export interface AttachmentFiles {
  /** Looks whether there are others, and gives the attachments of ports. */
  readonly read: (folder: string, ports: ReadonlySet<string>) => readonly Attachment[];
  /** What files that were read before say of links. */
  readonly ends: (primary: string, links: ReadonlySet<string>) => InterfaceEnds;
}

/**
 * Reads the attachments of pods. Multus keeps those of all networks in one folder, thousands perhaps: each file is read
 * when it is another than before, and understood where it names a port. A file may be there before it is whole.
 */
export function attachmentFiles(): AttachmentFiles {
  let files = new Map<string, File>();
  let [seen, lookedAt]: [string | undefined, number] = ['', -Infinity];

  function look(folder: string): void {
    const before = files;
    files = new Map();
    for (const name of namesIn(folder)) {
      const stamp = stampOf(`${folder}/${name}`);
      const known = before.get(name);
      if (stamp !== undefined) files.set(name, known?.stamp === stamp ? known : read(`${folder}/${name}`, stamp));
    }
  }

  function readAttachments(folder: string, ports: ReadonlySet<string>): readonly Attachment[] {
    const stamp = stampOf(folder);
    const isWhole = [...files.values()].every(({ names }) => names !== '');
    if (stamp !== seen || !isWhole || now() - lookedAt > LOOK_EVERY) {
      look(folder);
      [seen, lookedAt] = [stamp, now()];
    }
    return [...files].flatMap(([name, file]) => {
      if (!file.names.split('\n').some((each) => ports.has(each))) return [];
      file.attachment ??= parseAttachment(readFile(`${folder}/${name}`) ?? '');
      return file.attachment ?? [];
    });
  }

  // libcni calls a file by the network, the container and the interface in the pod.
  function ends(primary: string, links: ReadonlySet<string>): InterfaceEnds {
    const found = { primary: new Set<string>(), others: new Set<string>() };
    for (const [name, file] of files) {
      const into = name.endsWith(`-${primary}`) ? found.primary : found.others;
      for (const each of file.names.split('\n')) if (links.has(each)) into.add(each);
    }
    return found;
  }

  return { read: readAttachments, ends };
}

function read(path: string, stamp: string): File {
  const text = readFile(path) ?? '';
  const names = text.trimEnd().endsWith('}') ? text.matchAll(/"name":"([^"]*)"/g) : [];
  return { stamp, names: Array.from(names, ([, name = '']) => name).join('\n'), attachment: undefined };
}
