import { parseAllDocuments } from 'yaml';
import { FIELDS } from '../../fn/api/generated/fields.ts';
import { expand } from '../../fn/index.ts';
import type { Block } from './page.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a part of a GatewayNetwork is put into: it is of one family, or of both. */
const SUBNETS = [['192.168.50.0/24'], ['192.168.50.0/24', 'fd00:50::/64']];

/**
 * What is wrong with a block of YAML: it is no YAML, the function does not render it, or nobody knows what it is a part
 * of.
 */
export function yamlFault({ text, marks }: Block): string | undefined {
  const documents = parseAllDocuments(text);
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error !== undefined) return error.message;
  const objects = documents.map((document) => document.toJS() as Fields);
  if (marks['part of'] !== undefined) return objects.some(isNetwork) ? 'a network is no part' : undefined;
  if (objects.some(isNetwork)) return refusal(text);
  if (objects.every((object) => 'apiVersion' in object && 'kind' in object)) return undefined;
  const [part] = objects;
  if (objects.length !== 1 || part === undefined) return 'parts are one a block';
  return faultOfPart(part);
}

function isNetwork({ kind }: Fields): boolean {
  return kind === 'GatewayNetwork';
}

/** Of a `spec`, or of fields of it. */
function faultOfPart(part: Fields): string | undefined {
  const fields = Object.keys(part).join() === 'spec' ? (part['spec'] as Fields) : part;
  const unknown = Object.keys(fields).find((field) => !(`spec.${field}` in FIELDS));
  if (unknown !== undefined) return `${unknown} is no field of a GatewayNetwork: say what it is a part of`;
  const faults = SUBNETS.map((subnets) => refusal(stream({ subnets, overlay: { vni: 1000 }, ...fields })));
  return faults.includes(undefined) ? undefined : faults[0];
}

/** A network, and the workloads that it names. */
function stream(spec: Fields): string {
  const network = {
    apiVersion: 'gatewaynetwork.dev/v1alpha1',
    kind: 'GatewayNetwork',
    metadata: { name: 'vpn', namespace: 'egress' },
    spec,
  };
  const clients = (spec['clients'] ?? []) as readonly { names?: readonly string[]; namespaces?: readonly string[] }[];
  const pods = clients.flatMap(({ names = [], namespaces: [namespace = 'apps'] = [] }) =>
    names.map((name) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace },
      spec: { containers: [{ name, image: name }] },
    })),
  );
  return [network, ...pods].map((object) => JSON.stringify(object)).join('\n---\n');
}

function refusal(source: string): string | undefined {
  return expand(source).problems.find(({ severity }) => severity === 'error')?.message;
}
