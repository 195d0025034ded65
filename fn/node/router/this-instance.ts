import { STATE_DIR } from '../status/status-file.ts';
import { readLine, replaceFile } from '../system/files.ts';
import { type Instance, parseInstance, stampOf } from './instance.ts';

/** Where it is written down: it outlives the containers, and no pod. */
const FILE = 'instance';

/** @param found the MAC address that the interface has now, if it is not the router's yet */
export function thisInstance(found: string | undefined): Instance {
  const known = parseInstance(readLine(`${STATE_DIR}/${FILE}`));
  if (known !== undefined) return known;
  const instance = { stamp: stampOf(Date.now(), Math.random()), mac: found ?? '' };
  replaceFile(`${STATE_DIR}/${FILE}`, `${instance.stamp} ${instance.mac}\n`);
  return instance;
}
