import { readCrd } from './crd.ts';
import { fieldsOf } from './fields.ts';
import { strictSchema } from './json-schema.ts';
import { referenceOf } from './reference.ts';
import { structuralFaults } from './structural.ts';
import { typesOf } from './types.ts';
import { VALIDATOR_TYPES, validatorOf } from './validator.ts';

/** A generated file. */
export interface Output {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly content: string;
}

/**
 * Everything that is generated from the text of the CRD.
 *
 * @throws Error that lists the faults of a schema which is not structural
 */
export async function outputsOf(crdText: string): Promise<readonly Output[]> {
  const crd = readCrd(crdText);
  const faults = structuralFaults(crd.schema);
  if (faults.length > 0) throw new Error(`the schema must be structural:\n${faults.join('\n')}`);
  const schema = strictSchema(crd);
  return [
    { path: 'schemas/gateway-network.schema.json', content: `${JSON.stringify(schema, undefined, 2)}\n` },
    { path: 'fn/api/generated/gateway-network.ts', content: await typesOf(schema) },
    { path: 'fn/api/generated/fields.ts', content: fieldsOf(crd) },
    { path: 'fn/api/generated/validate.js', content: validatorOf(schema) },
    { path: 'fn/api/generated/validate.d.ts', content: VALIDATOR_TYPES },
    { path: 'docs/reference.md', content: referenceOf(crd) },
  ];
}
