import { COMMANDS, type Flag, FUNCTION, type Program, quoted, type Value, type Verb } from './verb.ts';

/** A script for zsh: of a file in `fpath`, or to be sourced. */
export function zshScript({ flags, verbs }: Program): string {
  return `#compdef ${COMMANDS.join(' ')}
# Completion of ${COMMANDS[0]} for zsh: source it behind compinit, or put it into a folder of fpath.
${FUNCTION}() {
  local -a verbs
  local context state state_descr line
  typeset -A opt_args
  verbs=(
${verbs.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`).join('\n')}
  )
  _arguments -C ${flags.map(specOf).join(' ')} '1: :->verb' '*:: :->rest'
  case $state in
    verb) _describe verb verbs ;;
    rest)
      case $words[1] in
${verbs.map(verbCase).join('\n')}
      esac
      ;;
  esac
}
compdef ${FUNCTION} ${COMMANDS.join(' ')}
if [[ $funcstack[1] == ${FUNCTION} ]]; then ${FUNCTION} "$@"; fi
`;
}

function verbCase({ name, flags, arguments: all, takesMore }: Verb): string {
  const positions = all.map((value, index) => {
    const isRepeated = takesMore && index === all.length - 1;
    return quoted(`${isRepeated ? '*' : index + 1}:${escaped(value.name)}:${actionOf(value)}`);
  });
  return `        ${name}) _arguments ${[...flags.map(specOf), ...positions].join(' ')} ;;`;
}

/** `_arguments` wants a specification for each name of a flag, which excludes the others. */
function specOf({ names, description, value }: Flag): string {
  const rest = `[${escaped(description)}]${value === undefined ? '' : `:${escaped(value.name)}:${actionOf(value)}`}`;
  return names.map((name) => quoted(`(${names.join(' ')})${name}${rest}`)).join(' ');
}

function actionOf({ choices, isPath }: Value): string {
  if (choices.length > 0) return `(${choices.join(' ')})`;
  return isPath ? '_files' : ' ';
}

function escaped(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, String.raw`\$&`);
}
