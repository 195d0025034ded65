/** Decides which keys may begin, so that slow keys leave room for the others. */
export interface Fairness {
  readonly mayBegin: (key: string) => boolean;
  /** Notes that the handling of a key begins. Returns a function that notes its end. */
  readonly begin: (key: string) => () => void;
}

export interface FairnessOptions {
  /** How many keys are handled at the same time. */
  readonly concurrency: number;
  /** What a key shares with others, such as a source. */
  readonly groupOf: (key: string) => string;
}

/** From when on the handling of a key is slow, in milliseconds: twenty times the usual time. */
const SLOW = 2000;

/**
 * Limits the places of groups. Each group leaves one place free, and so do all slow groups
 * together. A slow group, whose last handling was slow or still is, gets one place. A single place
 * is for all.
 */
export function createFairness({ concurrency, groupOf }: FairnessOptions): Fairness {
  const running = new Map<string, number>();
  const slow = new Set<string>();
  const most = Math.max(1, concurrency - 1);
  return {
    mayBegin: (key) => {
      const group = groupOf(key);
      const own = running.get(group) ?? 0;
      if (!slow.has(group)) return own < most;
      const all = [...slow].reduce((sum, each) => sum + (running.get(each) ?? 0), 0);
      return own < 1 && all < most;
    },
    begin: (key) => {
      const group = groupOf(key);
      running.set(group, (running.get(group) ?? 0) + 1);
      let isSlow = false;
      const timer = setTimeout(() => {
        isSlow = true;
        slow.add(group);
      }, SLOW);
      return () => {
        clearTimeout(timer);
        if (!isSlow) slow.delete(group);
        const count = (running.get(group) ?? 1) - 1;
        if (count === 0) running.delete(group);
        else running.set(group, count);
      };
    },
  };
}
