import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** The part of node:crypto that names are made with, for a browser. */
export function createHash(algorithm: 'sha256') {
  const hash = sha256.create();
  if (algorithm !== 'sha256') throw new Error(`no ${String(algorithm)} here`);
  return {
    update(text: string) {
      hash.update(utf8ToBytes(text));
      return this;
    },
    digest: (encoding: 'hex') => (encoding === 'hex' ? bytesToHex(hash.digest()) : ''),
  };
}
