/** What `wg show INTERFACE dump` tells. */
export interface Peers {
  /**
   * What was configured, keys included. What becomes of itself is no part of it: the addresses that peers are seen at,
   * counters, and a port that was left to chance.
   */
  readonly configured: string;
  /** When the latest handshake was, in seconds since the epoch; 0 where there was none. */
  readonly latest: number;
}

/** Reads it: a line for the interface, and one for each peer (wg(8), "show"). */
export function parseDump(dump: string): Peers {
  const [, ...peers] = dump.split('\n').filter((line) => line !== '');
  const [privateKey, , , mark] = dump.split('\n')[0]?.split('\t') ?? [];
  const fields = peers.map((line) => line.split('\t'));
  const configured = fields.map(([key, preshared, , allowed, , , , keepalive]) => [key, preshared, allowed, keepalive]);
  return {
    configured: [[privateKey, mark], ...configured].join('\n'),
    latest: Math.max(0, ...fields.map(([, , , , time]) => Number(time))),
  };
}

/** The latest handshake, and when that was by a clock that nobody turns back, in seconds of it. */
export interface Handshake {
  readonly latest: number;
  readonly uptime: number;
}

/** A handshake is dated by the clock that is set from outside; from when it is first seen, by one that is not. */
export function dated(latest: number, before: Handshake, uptime: number, epoch: number): Handshake {
  return latest === before.latest ? before : { latest, uptime: uptime - (epoch - latest) };
}
