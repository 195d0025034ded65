import { isatty } from 'node:tty';
import { coloured, type Paint, plain } from '../status/paint.ts';

const STDOUT = 1;

/** Colours at a terminal, unless they are not wanted. */
export function paintOfOutput(): Paint {
  return isatty(STDOUT) && !process.env['NO_COLOR'] ? coloured : plain;
}
