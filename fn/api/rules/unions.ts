import type { Fault } from '../fault.ts';
import { UNIONS, type Union } from '../generated/fields.ts';
import { quote } from '../quote.ts';
import type { Rule } from './rule.ts';

/** In a union there are the settings of the chosen `type`, and of no other. */
export const unions: Rule = {
  reads: UNIONS.map(({ path }) => path),
  checkNetwork: (network) => UNIONS.flatMap((union) => unionFaults(union, at(network, union.path))),
};

type Mapping = Readonly<Record<string, unknown>>;

function unionFaults({ path, choices }: Union, value: Mapping | undefined): readonly Fault[] {
  if (value === undefined) return [];
  const when = `when \`${path}.type\` is ${quote(value['type'])}`;
  return choices.flatMap(({ type, member, presence }) => {
    const settings = value[member];
    const isChosen = value['type'] === type;
    const field = { code: 'InvalidUnion', path: `${path}.${member}`, value: settings } as const;
    if (isChosen && presence === 'required' && settings === undefined) {
      return [{ ...field, message: `\`${field.path}\` must be set ${when}` }];
    }
    // Settings that are empty choose nothing.
    if (isChosen || settings === undefined || Object.keys(settings as object).length === 0) return [];
    return [{ ...field, message: `\`${field.path}\` must be absent ${when}; it belongs to ${quote(type)}` }];
  });
}

/** The mapping at a path without lists; `undefined` where there is none. */
function at(root: unknown, path: string): Mapping | undefined {
  return path.split('.').reduce((value, name) => (value as Mapping | undefined)?.[name], root) as Mapping | undefined;
}
