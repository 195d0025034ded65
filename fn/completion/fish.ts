import { COMMANDS, type Flag, type Program, type Value } from './verb.ts';

/** A script for fish: of a file in `completions`, or to be sourced. */
export function fishScript({ flags, verbs }: Program): string {
  const lines = COMMANDS.flatMap((command) => {
    const line = (condition: string, words: string) => `complete -c ${command} -n ${quoted(condition)} ${words}`;
    return [
      `complete -c ${command} -f`,
      ...flags.map((flag) => line('__fish_use_subcommand', flagWords(flag))),
      ...verbs.flatMap(({ name, description, flags: own, arguments: all }) => [
        line('__fish_use_subcommand', `-a ${name} -d ${quoted(description)}`),
        ...own.map((flag) => line(seen(name), flagWords(flag))),
        ...all.slice(0, 1).flatMap((value) => {
          const words = valueWords(value);
          return words === '' ? [] : [line(seen(name), words)];
        }),
      ]),
    ];
  });
  return `# Completion of ${COMMANDS[0]} for fish: source it, or put it into ~/.config/fish/completions.\n${lines.join('\n')}\n`;
}

function seen(verb: string): string {
  return `__fish_seen_subcommand_from ${verb}`;
}

function flagWords({ names, description, value }: Flag): string {
  const words = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const taken = value === undefined ? [] : [value.isPath ? '-r' : '-x', valueWords(value)].filter(Boolean);
  return [...words, ...taken, `-d ${quoted(description)}`].join(' ');
}

function valueWords({ choices, isPath }: Value): string {
  if (choices.length > 0) return `-a ${quoted(choices.join(' '))}`;
  return isPath ? '-F' : '';
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}
