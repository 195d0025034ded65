import { runFunction } from './commands/function.ts';
import { fail } from './commands/exit.ts';

// Orchestrators start the function without arguments. The command line is loaded only for arguments or at a terminal.
const args = process.argv.slice(2);
try {
  if (args.length === 0 && !process.stdin.isTTY) await runFunction();
  else await (await import('./commands/program.ts')).runProgram(args.length === 0 ? ['--help'] : args);
} catch (error) {
  fail(error);
}
