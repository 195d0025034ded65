import { COMMANDS, type Flag, FUNCTION, namesOf, type Program, quoted, type Value, type Verb } from './verb.ts';

/** A script for bash 4 or later. */
export function bashScript({ flags, verbs }: Program): string {
  const names = verbs.map(({ name }) => name);
  return `# Completion of ${COMMANDS[0]} for bash: source it, or put it where bash-completion looks.
${FUNCTION}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} verb='' index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
      ${names.join(' | ')})
        verb=\${COMP_WORDS[index]}
        break
        ;;
    esac
  done
  COMPREPLY=()
  case $verb:$previous in
${verbs.flatMap((verb) => verb.flags.flatMap((flag) => valueCase(verb, flag))).join('\n')}
  esac
  if [[ $current == -?* ]]; then
    case $verb in
      '') ${words(namesOf(flags))} ;;
${verbs.map((verb) => `      ${verb.name}) ${words(namesOf(verb.flags))} ;;`).join('\n')}
    esac
    return
  fi
  case $verb in
    '') ${words(names)} ;;
${verbs.flatMap(argumentCase).join('\n')}
  esac
}
complete -F ${FUNCTION} ${COMMANDS.join(' ')}
`;
}

function valueCase({ name }: Verb, { names, value }: Flag): readonly string[] {
  if (value === undefined) return [];
  const patterns = names.map((flag) => `${name}:${flag}`).join(' | ');
  return [`    ${patterns})\n      ${completed(value)}\n      return\n      ;;`];
}

function argumentCase({ name, arguments: all }: Verb): readonly string[] {
  const [first] = all;
  return first === undefined ? [] : [`    ${name}) ${completed(first)} ;;`];
}

function completed({ choices, isPath }: Value): string {
  if (choices.length > 0) return words(choices);
  if (!isPath) return ':';
  return 'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current")';
}

function words(all: readonly string[]): string {
  return `mapfile -t COMPREPLY < <(compgen -W ${quoted(all.join(' '))} -- "$current")`;
}
