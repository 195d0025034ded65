import type { Manifests } from './manifests.ts';

/** What a pod refers to a ConfigMap or a Secret by, as its volumes and its environment do. */
export interface Reference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string | undefined;
  readonly namespace: string;
  readonly optional?: boolean | undefined;
}

/**
 * The entries of a ConfigMap, or of a Secret as its consumers see them: decoded, and `stringData`
 * over `data` as the API server
 * merges them. Throws where there is none of the name, unless it is optional.
 */
export function dataOf(manifests: Manifests, { kind, name, namespace, optional }: Reference): Record<string, string> {
  const isMeant = ({ metadata }: { metadata?: { name?: string; namespace?: string } }) =>
    metadata?.name === name && metadata?.namespace === namespace;
  const configMap = kind === 'ConfigMap' ? manifests.configMaps.find(isMeant) : undefined;
  if (configMap) return configMap.data ?? {};
  const secret = kind === 'Secret' ? manifests.secrets.find(isMeant) : undefined;
  if (secret) {
    const decoded = Object.entries(secret.data ?? {}).map(([key, text]) => [
      key,
      Buffer.from(text, 'base64').toString(),
    ]);
    return { ...Object.fromEntries(decoded), ...secret.stringData };
  }
  if (optional) return {};
  throw new Error(`there is no ${kind} ${namespace}/${name}`);
}
