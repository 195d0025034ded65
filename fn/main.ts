import { runFunction } from './commands/function.ts';
import { fail } from './commands/exit.ts';

// Engines start the function without arguments; the command line is loaded only when there are some, or a person is at the terminal.
const args = process.argv.slice(2);
try {
  if (args.length === 0 && !process.stdin.isTTY) await runFunction();
  else await (await import('./commands/program.ts')).runProgram(args.length === 0 ? ['--help'] : args);
} catch (error) {
  fail(error);
}
