import type { Argument, Command, Option } from 'commander';
import { bashScript } from '../completion/bash.ts';
import { candidateText } from '../completion/candidates.ts';
import type { Program, Value, Verb } from '../completion/verb.ts';
import { fishScript } from '../completion/fish.ts';
import { zshScript } from '../completion/zsh.ts';
import { print } from './output.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** The shells that there are scripts for. */
export type Shell = keyof typeof SCRIPTS;

/** Prints the script by which a shell completes the command line, made of the definitions of its commands. */
export async function completion(shell: Shell, program: Command): Promise<void> {
  await print(SCRIPTS[shell](programOf(program)));
}

/** Prints what may stand in place of the last of some words, as kubectl asks for it. */
export async function complete(words: readonly string[], program: Command): Promise<void> {
  await print(candidateText(programOf(program), words));
}

function programOf(program: Command): Program {
  const help = program.createHelp();
  return {
    flags: help.visibleOptions(program).map(flagOf),
    verbs: help.visibleCommands(program).map((command): Verb => ({
      name: command.name(),
      description: command.description(),
      flags: command.createHelp().visibleOptions(command).map(flagOf),
      arguments: command.registeredArguments.map(argumentOf),
      takesMore: command.registeredArguments.some(({ variadic }) => variadic),
    })),
  };
}

function flagOf({ short, long, description, required, argChoices, flags }: Option) {
  return {
    names: [short, long].filter((name) => name !== undefined),
    description,
    ...(required && { value: valueOf(/<([^>]*)>/.exec(flags)?.[1] ?? '', argChoices) }),
  };
}

function argumentOf(argument: Argument): Value {
  return valueOf(argument.name(), argument.argChoices);
}

/** What is called so in the help is a path. */
const PATHS = ['path', 'from', 'file', 'directory'];

function valueOf(name: string, choices: readonly string[] | undefined): Value {
  return { name, choices: choices ?? [], isPath: PATHS.includes(name) };
}
