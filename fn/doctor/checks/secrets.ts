import type { Manifest } from '../../cluster/facts.ts';
import { type Check, error, type Observed, ok, unknown } from '../check.ts';
import { ofKind } from '../kinds.ts';
import { type SecretReference, secretsOf } from '../secret-references.ts';
import type { Subject } from '../subject.ts';

/** Kinds whose controllers make a Secret, of their own name unless they say otherwise. */
const MAKERS = ['ExternalSecret', 'SealedSecret'];

/** Whether the Secrets that agents and routers name are there, or come with the input. */
export const secrets: Check = {
  name: 'secrets',
  why: 'a pod does not start without a Secret that it names, or without a key of it',
  anchor: 'a-secret-is-missing',
  examine: (subject) =>
    subject.networks.flatMap((one) =>
      secretsOf(one).map((wanted) => ({ ...examineSecret(wanted, subject), network: one.label })),
    ),
};

function examineSecret(wanted: SecretReference, { facts, objects }: Subject): Observed {
  const { namespace, name, keys } = wanted;
  if (namespace === '') return unknown(`the Secret ${name} is needed, and the network names no namespace`);
  const title = `the Secret ${namespace}/${name}`;
  const maker = objects.find((one) => MAKERS.includes(one.kind ?? '') && makes(one, wanted));
  if (maker !== undefined)
    return unknown(`${title} is made by the ${maker.kind} of the input: whether it will be is not known`);
  const given = ofKind(objects, 'Secret').find(
    ({ metadata }) => metadata?.name === name && metadata.namespace === namespace,
  );
  const found = facts.secrets.find((one) => one.namespace === namespace && one.name === name);
  const present = given === undefined ? keysOf(found) : Object.keys({ ...given.data, ...given.stringData });
  if (present === undefined) {
    if (found !== undefined && 'unseen' in found) return unknown(`${title} cannot be seen: ${found.unseen}`);
    return error(`${title} is not there`, `create it${keys.length > 0 ? `, with the key ${keys.join(' and ')}` : ''}`);
  }
  const missing = keys.filter((key) => !present.includes(key));
  if (missing.length > 0)
    return error(`${title} has no key ${missing.join(', ')}; it has ${present.join(', ') || 'none'}`, 'add the key');
  return ok(`${title} is there${keys.length > 0 ? `, with ${keys.join(', ')}` : ''}`);
}

function keysOf(found: Subject['facts']['secrets'][number] | undefined): readonly string[] | undefined {
  return found !== undefined && 'keys' in found ? found.keys : undefined;
}

interface Maker extends Manifest {
  readonly spec?: {
    readonly target?: { readonly name?: string };
    readonly template?: { readonly metadata?: { readonly name?: string } };
  };
}

function makes({ metadata, spec }: Maker, { namespace, name }: SecretReference): boolean {
  return (
    metadata?.namespace === namespace &&
    (spec?.target?.name ?? spec?.template?.metadata?.name ?? metadata.name) === name
  );
}
