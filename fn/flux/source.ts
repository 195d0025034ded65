import type { SourceRef } from './generated/gateway-network-render.ts';
import type { FluxObject } from './objects.ts';
import { Refusal } from './refusal.ts';

/** The plurals of the kinds that may be a source, as the API server serves them. */
export const SOURCE_PLURALS: Readonly<Record<SourceRef['kind'], string>> = {
  GitRepository: 'gitrepositories',
  OCIRepository: 'ocirepositories',
  Bucket: 'buckets',
  ExternalArtifact: 'externalartifacts',
};

/** The API of Flux's sources, as `group/version`. */
export const SOURCE_API_VERSION = 'source.toolkit.fluxcd.io/v1';

/** What a source has published (fluxcd/pkg apis/meta, Artifact). */
export interface SourceArtifact {
  readonly url: string;
  /** Algorithm and digest of the archive, such as `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  readonly revision: string;
}

/** A source that an object refers to. */
export interface SourceId {
  readonly kind: SourceRef['kind'];
  readonly namespace: string;
  readonly name: string;
}

/**
 * The source that an object in a namespace refers to.
 * @throws {@link Refusal} for a source in another namespace, if that is not allowed
 */
export function sourceOf(ref: SourceRef, namespace: string, allowsCrossNamespace: boolean): SourceId {
  const source = { kind: ref.kind, namespace: ref.namespace ?? namespace, name: ref.name };
  if (source.namespace === namespace || allowsCrossNamespace) return source;
  throw new Refusal(
    'AccessDenied',
    `spec.sourceRef.namespace is "${source.namespace}" and must be "${namespace}", the object's own: the controller runs with --no-cross-namespace-refs`,
  );
}

/** A source as one string, unique. */
export function sourceKey({ kind, namespace, name }: SourceId): string {
  return `${kind} ${namespace}/${name}`;
}

/**
 * What a source has published.
 * @throws {@link Refusal} if the source does not exist, or has published nothing yet. Both are
 * watched, so the refusal is not transient
 */
export function artifactOf(id: SourceId, source: FluxObject | undefined): SourceArtifact {
  if (source === undefined)
    throw new Refusal('SourceNotFound', `spec.sourceRef names ${sourceKey(id)}, which does not exist`);
  const { url, digest, revision } = (source.status?.['artifact'] ?? {}) as Partial<SourceArtifact>;
  if (url === undefined || digest === undefined || revision === undefined) {
    throw new Refusal('SourceNotReady', `${sourceKey(id)} has no artifact yet`);
  }
  return { url, digest, revision };
}
