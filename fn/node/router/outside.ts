import { STATE_DIR } from '../status/status-file.ts';
import { now, sleep } from '../system/clock.ts';
import { ask } from '../system/command.ts';
import { removeAll, replaceFile } from '../system/files.ts';

/** Where it is written down what has become of the world outside. */
const FILE = 'outside';
/** How long an answer may take, in seconds, and all that asking for it takes, in milliseconds. */
const PATIENCE = '0.7';
const TIMEOUT = 1500;
/** How long after an answer, or none, the next question comes, in milliseconds. */
const AFTER_ANSWER = 500;
const AFTER_SILENCE = 200;
/** How many questions in a row that are not answered count. */
const MISSES = 2;
/** How long the first finding is waited for, which is to come at once, in milliseconds. */
const FIRST = 3000;

/** Whether the world outside is reached: asked again and again, beside all else. */
export interface OutsideWatch {
  readonly state: () => 'reached' | 'silent' | undefined;
  /** Until when the first finding is waited for: not for long in the life of the watch. */
  readonly deadline: number;
  readonly stop: () => void;
}

/** Any of the addresses is to answer by the interface. */
export function watchOutside(addresses: readonly string[], device: string): OutsideWatch {
  let state: 'reached' | 'silent' | undefined;
  let isOver = false;
  removeAll(`${STATE_DIR}/${FILE}`);
  const find = (found: 'reached' | 'silent') => {
    if (found !== state) replaceFile(`${STATE_DIR}/${FILE}`, `${found}\n`);
    state = found;
  };
  const watch = async () => {
    let misses = 0;
    let asked = addresses;
    for (;;) {
      const answered = await answering(asked, device);
      if (isOver) return;
      misses = answered === undefined ? misses + 1 : 0;
      // One that has answered is all that is asked, and all where none has.
      asked = answered === undefined ? addresses : [answered];
      if (answered !== undefined) find('reached');
      else if (misses >= MISSES) find('silent');
      await sleep(answered === undefined ? AFTER_SILENCE : AFTER_ANSWER);
    }
  };
  void watch();
  return {
    state: () => state,
    deadline: now() + FIRST,
    stop: () => void (isOver = true),
  };
}

/** One of the addresses that answers; all are asked at once. */
async function answering(addresses: readonly string[], device: string): Promise<string | undefined> {
  const outcomes = await Promise.all(
    addresses.map(async (address) => {
      const command = ['ping', '-n', '-q', '-c', '1', '-W', PATIENCE, '-I', device, address];
      return (await ask(command, TIMEOUT)).status === 0 ? address : undefined;
    }),
  );
  return outcomes.find((address) => address !== undefined);
}
