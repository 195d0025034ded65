import { describe, expect, test } from 'vitest';
import { expand } from '../../fn/index.ts';
import { cpuTime } from '../cpu-time.ts';
import { foreign, networks } from './workload.ts';

/** How much longer ten times the input takes, in time of the processor; the best of three. */
function growth(text: (count: number) => string, count: number): number {
  const [small, large] = [text(count), text(count * 10)];
  const time = (input: string) => {
    const start = cpuTime();
    expand(input);
    return cpuTime() - start;
  };
  time(small);
  const best = (input: string) => Math.min(time(input), time(input), time(input));
  return best(large) / best(small);
}

describe('ten times the input takes about ten times as long', () => {
  test.each([
    ['foreign items', foreign, 2000],
    ['networks', networks, 40],
  ] as const)('%s', (_, text, count) => {
    expect(growth(text, count)).toBeLessThan(30);
  });
});
