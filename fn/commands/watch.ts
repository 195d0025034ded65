import { isatty } from 'node:tty';
import { setTimeout } from 'node:timers/promises';
import { UsageError } from '../files/usage-error.ts';
import { print } from './output.ts';

const STDOUT = 1;
/** Clears a terminal (ECMA-48: CUP, ED). */
const CLEAR = '\u001b[H\u001b[2J';

/**
 * Prints a text again and again, until the user ends it: at a terminal in the same place, else one after the other. A
 * cluster that cannot be asked for a while is said, and asked again.
 *
 * @param pause how long to wait before each, in seconds
 */
export async function watch(pause: number, text: () => Promise<string>): Promise<never> {
  for (;;) {
    await setTimeout(pause * 1000);
    const now = await answered(text);
    await print(isatty(STDOUT) ? CLEAR + now : now);
  }
}

async function answered(text: () => Promise<string>): Promise<string> {
  try {
    return await text();
  } catch (error) {
    if (error instanceof UsageError) return `${new Date().toISOString()}: ${error.message}\n`;
    throw error;
  }
}
