import { parseDocument, visit } from 'yaml';

/** A node of a structural OpenAPI v3 schema, as far as this CRD uses it. */
export interface SchemaNode {
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly default?: string | number;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode;
  readonly items?: SchemaNode;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  /** An object that another API describes; what is in it is not looked at. */
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly anyOf?: readonly SchemaNode[];
  readonly $ref?: string;
}

/** What the generators read from the CRD. */
export interface Crd {
  /** The file that it was read from, relative to the root of the repository. */
  readonly source: string;
  /** `group/version`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly schema: SchemaNode;
  /** Nodes that the file anchors, by the anchor's name in PascalCase. They occur several times, as the same object. */
  readonly shared: ReadonlyMap<SchemaNode, string>;
}

/** What a CRD cannot say of itself. */
export interface CrdOrigin {
  /** The file, relative to the root of the repository. */
  readonly source: string;
  /** What there is to say of `metadata`: an API server refuses a CRD that describes more of it than the name. */
  readonly metadata: string;
}

/** The CRD of GatewayNetworks. */
const GATEWAY_NETWORK: CrdOrigin = {
  source: 'schemas/gateway-network.crd.yaml',
  metadata:
    'Standard object metadata. The names of all rendered objects derive from `name`, and they are rendered into `namespace`. ' +
    'Labels and annotations are not copied to the rendered objects.',
};

interface CrdFile {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: SchemaNode } }[];
  };
}

/**
 * Reads a CustomResourceDefinition of one version.
 *
 * @throws Error where the text is no YAML or has another number of versions
 */
export function readCrd(text: string, origin = GATEWAY_NETWORK): Crd {
  const document = parseDocument(text);
  const anchors: string[] = [];
  visit(document, { Collection: (_, node) => void (node.anchor && anchors.push(node.anchor)) });
  const anchored: SchemaNode[] = [];
  const { spec }: CrdFile = document.toJS({ onAnchor: (node) => anchored.push(node as SchemaNode) });
  const [version, ...others] = spec.versions;
  if (version === undefined || others.length > 0) throw new Error('the CRD must have exactly one version');
  const { properties = {}, ...root } = version.schema.openAPIV3Schema;
  const metadata = { description: origin.metadata, ...properties['metadata'] };
  return {
    source: origin.source,
    apiVersion: `${spec.group}/${version.name}`,
    kind: spec.names.kind,
    schema: { ...root, properties: { ...properties, metadata } },
    shared: new Map(anchored.map((node, index) => [node, pascalCase(anchors[index] ?? '')])),
  };
}

/** `matchLabels` as `MatchLabels`. */
export function pascalCase(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
