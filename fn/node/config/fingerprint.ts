/**
 * A short name of a text, by which two are told apart: two sums of 32 bits like FNV-1a (draft-eastlake-fnv), each with
 * a multiplier of its own, as 16 hexadecimal digits. It is no protection against somebody who wants two texts to have
 * the same.
 */
export function fingerprint(text: string): string {
  let [one, other] = [0x811c9dc5, 0x811c9dc5];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other ^ code, 0x5f356495);
  }
  return [one, other].map((sum) => (sum >>> 0).toString(16).padStart(8, '0')).join('');
}

/** Of the files of a ConfigMap: the names in alphabetical order, each with its text. */
export function fingerprintOf(files: ReadonlyMap<string, string>): string {
  const names = [...files.keys()].toSorted();
  return fingerprint(names.map((name) => `${name}\0${files.get(name) ?? ''}\0`).join(''));
}
