import type { SchemaNode } from './crd.ts';
import { allFields } from './field.ts';

/**
 * A union in the manner of the Kubernetes API conventions: `type` chooses, and the settings of a
 * choice are in the member
 * that bears its name.
 */
export interface Union {
  readonly path: string;
  readonly choices: readonly {
    readonly type: string;
    readonly member: string;
    readonly presence: 'none' | 'optional' | 'required';
  }[];
}

/** All unions of a schema: the objects whose `type` is an enum. */
export function unionsOf(schema: SchemaNode): readonly Union[] {
  return allFields(schema).flatMap(({ path, node }) => {
    const choices = node.properties?.['type']?.enum?.map((type) => choice(type, node));
    return choices === undefined ? [] : [{ path, choices }];
  });
}

/** The name of a choice's member: `DaemonSet` as `daemonSet`, `VPN` as `vpn`. */
export function memberName(type: string): string {
  return type.replace(/^(?:[A-Z]+(?=[A-Z][a-z]|$)|[A-Z])/, (capitals) => capitals.toLowerCase());
}

/** A member with required fields cannot be left out. */
function choice(type: string, node: SchemaNode): Union['choices'][number] {
  const member = memberName(type);
  const settings = node.properties?.[member];
  const presence = settings === undefined ? 'none' : settings.required === undefined ? 'optional' : 'required';
  return { type, member, presence };
}
