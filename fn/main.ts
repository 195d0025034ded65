import { COMPLETE, isCompleter } from './commands/completer.ts';
import { runFunction } from './commands/function.ts';
import { fail } from './commands/exit.ts';
import { isTerminal } from './commands/stdin.ts';

// Orchestrators start the function without arguments. The command line is loaded only for arguments or at a terminal.
const given = process.argv.slice(2);
const args = isCompleter() ? [COMPLETE, ...given] : given;
try {
  if (args.length === 0 && !(await isTerminal())) await runFunction();
  else await (await import('./commands/program.ts')).runProgram(args.length === 0 ? ['--help'] : args);
} catch (error) {
  fail(error);
}
