import { type Crd, readCrd } from './crd.ts';
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
  requireStructural(crd);
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

/**
 * Everything that is generated from the text of the Flux controller's CRD.
 *
 * @throws Error that lists the faults of a schema which is not structural
 */
export async function fluxOutputsOf(crdText: string): Promise<readonly Output[]> {
  const crd = readCrd(crdText, {
    source: 'schemas/gateway-network-render.crd.yaml',
    metadata: 'Standard object metadata. The ExternalArtifact has the same name and namespace.',
  });
  requireStructural(crd);
  return [
    { path: 'fn/flux/generated/gateway-network-render.ts', content: await typesOf(strictSchema(crd)) },
    { path: 'docs/flux-reference.md', content: referenceOf(crd) },
  ];
}

function requireStructural({ schema }: Crd): void {
  const faults = structuralFaults(schema);
  if (faults.length > 0) throw new Error(`the schema must be structural:\n${faults.join('\n')}`);
}
