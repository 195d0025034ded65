import { STATE_DIR } from '../status/status-file.ts';
import { readLine, replaceFile } from '../system/files.ts';

/** Tells keepalived whether this router may be master. */
export function track(health: '0' | '1'): void {
  const path = `${STATE_DIR}/track`;
  if (readLine(path) !== health) replaceFile(path, `${health}\n`);
}
