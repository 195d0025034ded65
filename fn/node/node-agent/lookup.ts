import type { Family } from '../../net/address.ts';
import { STATE_DIR } from '../status/status-file.ts';
import { after, sleep, type Timer, uptime } from '../system/clock.ts';
import { ask } from '../system/command.ts';
import { isFolder, readFile, removeAll, replaceFile } from '../system/files.ts';
import { variable } from '../system/process.ts';
import { latest } from './latest.ts';
import {
  formatPeers,
  isSettled,
  type KnownPeer,
  learn,
  ofFamily,
  parsePeers,
  qualify,
  resolved,
} from './known-peers.ts';

/** For how long, in seconds, the answers that are believed must lack a peer before it goes. */
const GRACE = Number(variable('PEER_GRACE') ?? 300);

/** How often, in seconds, the name is looked up: until then a new node is a stranger. */
const EVERY = Number(variable('LOOK_UP_EVERY') ?? 8);

/** How long an answer may take, in milliseconds. */
const PATIENCE = 5000;

/** How long the first pass waits for the first answer, in milliseconds: a network that is there works without. */
const FIRST = 2000;

/**
 * The most that counts of the time between two answers, in seconds: an agent that was stopped for a while has seen none
 * in that time.
 */
const MOST_SINCE = 30;

const PEERS = `${STATE_DIR}/peers`;

/** What is known of the addresses that the peers' name resolves to. */
export interface Lookup {
  /** The addresses of the nodes, this one's included. */
  readonly known: () => readonly string[];
  /** Whether an answer was believed since the agent has started. */
  readonly isBelieved: () => boolean;
  /** Why the latest answer tells nothing; nothing where it does. */
  readonly problem: () => string | undefined;
  /** Waits for the first answer, but not for long. */
  readonly first: () => Promise<void>;
  readonly stop: () => void;
}

/**
 * Looks the name up again and again, beside the passes, so that a slow name server delays nothing else.
 *
 * @param remembered what the kernel sends to: what an earlier agent knew, who may have known more than the first answer
 *   says
 * @param own the addresses of which an answer must hold one
 * @param onChange is called when the peers are others, or what is said of them is
 */
export function lookUp(
  service: string,
  family: Family,
  remembered: readonly string[],
  own: () => readonly string[],
  onChange: () => void,
): Lookup {
  const kept = parsePeers(readFile(PEERS) ?? '').map(({ address }) => address);
  let peers: readonly KnownPeer[] = ofFamily([...kept, ...remembered], family).map((address) => ({
    address,
    lacked: 0,
  }));
  const addresses = latest<readonly string[]>();
  let problem: string | undefined;
  let [isBelieved, isStopped] = [false, false];
  let lookedUp: number | undefined;
  let timer: Timer | undefined;
  if (isFolder(PEERS)) removeAll(PEERS);
  replaceFile(PEERS, formatPeers(peers));

  const look = async () => {
    const name = qualify(service, readFile('/etc/resolv.conf') ?? '');
    const { text } = await ask(['getent', 'ahosts', name], PATIENCE);
    if (isStopped) return;
    learnFrom(name, resolved(text));
    timer = after((isBelieved ? EVERY : 1) * 1000, () => void look());
  };
  const learnFrom = (name: string, answer: ReadonlySet<string>) => {
    const time = uptime();
    const since = Math.min(Math.floor(time - (lookedUp ?? time)), MOST_SINCE);
    lookedUp = time;
    // Five hundred addresses in another order are no news, and cost more to read than to ask for.
    if (isBelieved && problem === undefined && isSettled(peers, answer, own())) return;
    const before = problem ?? formatPeers(peers);
    const lesson = learn(peers, ofFamily([...answer], family), { own: own(), since, grace: GRACE });
    problem = undefined;
    if (lesson.type === 'Believed') {
      // While nothing changes, nothing is written.
      if (formatPeers(lesson.peers) !== formatPeers(peers)) {
        peers = lesson.peers;
        replaceFile(PEERS, formatPeers(peers));
      }
      if (!isBelieved) replaceFile(`${STATE_DIR}/believed`, '');
      isBelieved = true;
    } else if (lesson.type === 'Foreign') {
      const [node = ''] = own();
      problem = `${name} resolves to ${lesson.addresses.join(', ')}, but not to this node's own address ${node}`;
    } else {
      const what = isBelieved ? 'does not resolve to' : 'has not resolved to';
      problem = `${name} ${what} an ${family} address${isBelieved ? '' : ' yet'}`;
    }
    if ((problem ?? formatPeers(peers)) !== before) onChange();
  };
  const first = look();
  return {
    known: () => addresses([peers], () => peers.map(({ address }) => address)),
    isBelieved: () => isBelieved,
    problem: () => problem,
    first: () => Promise.race([first, sleep(FIRST)]),
    stop: () => {
      isStopped = true;
      timer?.cancel();
    },
  };
}
