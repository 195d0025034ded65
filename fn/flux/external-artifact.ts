import type { FluxObject, RenderObject } from './objects.ts';
import { RENDER_API_VERSION, RENDER_KIND } from './paths.ts';
import { Refusal } from './refusal.ts';
import { SOURCE_API_VERSION, type SourceArtifact } from './source.ts';
import { pathOf } from './store.ts';

const ARTIFACT = { apiVersion: SOURCE_API_VERSION, kind: 'ExternalArtifact' };

/** The status of an ExternalArtifact, which a consumer reads (source-controller docs/spec/v1/externalartifacts.md). */
export interface PublishedStatus {
  readonly artifact: {
    readonly digest: string;
    readonly lastUpdateTime: string;
    readonly metadata: Readonly<Record<string, string>>;
    readonly path: string;
    readonly revision: string;
    readonly size: number;
    readonly url: string;
  };
  readonly conditions: readonly object[];
}

/**
 * The revision of an archive. It does not contain the source's revision, so that it only changes
 * with the content.
 */
export function revisionOf(digest: string): string {
  return `latest@${digest}`;
}

/** The ExternalArtifact of a GatewayNetworkRender, for server-side apply. It is deleted with its owner. */
export function artifactObject({ metadata: { namespace, name, uid } }: RenderObject): object {
  const owner = { apiVersion: RENDER_API_VERSION, kind: RENDER_KIND, name };
  return {
    ...ARTIFACT,
    metadata: {
      namespace,
      name,
      labels: { 'app.kubernetes.io/managed-by': 'gateway-network-flux' },
      ownerReferences: [{ ...owner, uid, controller: true }],
    },
    spec: { sourceRef: { ...owner, namespace } },
  };
}

/** The status of the ExternalArtifact after publishing. */
export function artifactStatus(
  key: string,
  archive: { readonly digest: string; readonly size: number },
  source: SourceArtifact,
  server: string,
  generation: number,
  now: Date,
): PublishedStatus {
  const time = `${now.toISOString().slice(0, 19)}Z`;
  const { digest, size } = archive;
  return {
    artifact: {
      digest,
      lastUpdateTime: time,
      metadata: { 'org.opencontainers.image.revision': source.revision },
      path: pathOf(key, digest),
      revision: revisionOf(digest),
      size,
      url: urlOf(key, digest, server),
    },
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'Succeeded',
        message: `published ${revisionOf(digest)}`,
        observedGeneration: generation,
        lastTransitionTime: time,
      },
    ],
  };
}

/** The object to apply, with only the status. */
export function artifactStatusObject({ metadata: { namespace, name } }: RenderObject, status: PublishedStatus): object {
  return { ...ARTIFACT, metadata: { namespace, name }, status };
}

/** The URL of an archive for consumers. */
export function urlOf(key: string, digest: string, server: string): string {
  return `http://${server}/${pathOf(key, digest)}`;
}

/**
 * Whether an ExternalArtifact exists and names its source. Then {@link artifactObject} need not be
 * applied.
 */
export function isDeclared({ metadata: { namespace, name } }: RenderObject, artifact: FluxObject | undefined): boolean {
  const { kind, ...ref } = (artifact?.spec?.['sourceRef'] ?? {}) as Readonly<Record<string, string>>;
  return kind === RENDER_KIND && ref['name'] === name && ref['namespace'] === namespace;
}

/** Whether an ExternalArtifact publishes an archive at the address of this server. */
export function publishes(artifact: FluxObject | undefined, digest: string, url: string): boolean {
  const published = (artifact?.status?.['artifact'] ?? {}) as Partial<PublishedStatus['artifact']>;
  return published.digest === digest && published.url === url && published.revision === revisionOf(digest);
}

/**
 * Makes sure that an ExternalArtifact belongs to the object.
 * @throws {@link Refusal} for a foreign one
 */
export function requireOwn({ metadata }: RenderObject, artifact: FluxObject | undefined): void {
  if (artifact === undefined || artifact.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid)) return;
  throw new Refusal(
    'NotOurs',
    `ExternalArtifact ${metadata.namespace}/${metadata.name} exists and does not belong to this object; one of the two must get another name`,
    true,
  );
}
