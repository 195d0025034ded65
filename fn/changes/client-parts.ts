import { HELM_RELEASE } from '../api/workload-kinds.ts';
import { ATTACHMENT_ANNOTATION, CLIENT_ANNOTATION, NETWORKS_ANNOTATION, OPTIONS_ANNOTATION } from '../marks.ts';
import { type Fields, fieldsOf, isFields } from '../yaml/fields.ts';
import { withoutDefaults } from './defaults.ts';
import type { Manifest } from './manifest.ts';

const ANNOTATIONS = [NETWORKS_ANNOTATION, CLIENT_ANNOTATION, OPTIONS_ANNOTATION, ATTACHMENT_ANNOTATION];
/** The names of our init containers and volumes begin so. */
const OURS = 'gateway-network-';
/** The depth to which pods are searched. */
const DEPTH = 16;

/** What a network has written into one pod template. */
export interface ClientPart {
  /** The network, as its mark has it. */
  readonly network: string;
  /** The value of the networks annotation. */
  readonly networks: string;
  /** Everything together, which two templates are compared by. */
  readonly written: unknown;
}

/** What networks have written into the pod templates of a workload; nothing where it is no client. */
export function clientParts(manifest: Manifest): readonly ClientPart[] {
  if (manifest.kind === HELM_RELEASE.kind) return releaseParts(manifest);
  return podsIn(manifest, 0).flatMap((pod) => {
    const annotations = fieldsOf(fieldsOf(pod['metadata'])['annotations']);
    const [network, networks] = [annotations[CLIENT_ANNOTATION], annotations[NETWORKS_ANNOTATION]];
    if (typeof network !== 'string') return [];
    const spec = fieldsOf(pod['spec']);
    const written = withoutDefaults({
      annotations: ANNOTATIONS.map((key) => annotations[key] ?? null),
      initContainers: ours(spec['initContainers']),
      volumes: ours(spec['volumes']),
      dnsPolicy: spec['dnsPolicy'],
      dnsConfig: spec['dnsConfig'],
    });
    return [{ network, networks: typeof networks === 'string' ? networks : '', written }];
  });
}

/** Of a chart, whose pods its post-renderer changes: the text of the patch names the network. */
function releaseParts({ spec }: Manifest): readonly ClientPart[] {
  const written = spec?.['postRenderers'];
  const text = JSON.stringify(written ?? null);
  const [, network] = new RegExp(`${CLIENT_ANNOTATION}[\\\\"]*: *[\\\\"']*([^\\\\"'\\s]+)`).exec(text) ?? [];
  return network === undefined ? [] : [{ network, networks: '', written }];
}

function podsIn(value: unknown, depth: number): readonly Fields[] {
  if (!isFields(value) || depth > DEPTH) return [];
  const isPod = fieldsOf(fieldsOf(value['metadata'])['annotations'])[CLIENT_ANNOTATION] !== undefined;
  return [...(isPod ? [value] : []), ...Object.values(value).flatMap((inner) => podsIn(inner, depth + 1))];
}

function ours(list: unknown): readonly unknown[] {
  const elements: readonly unknown[] = Array.isArray(list) ? list : [];
  return elements.filter((one) => String(fieldsOf(one)['name']).startsWith(OURS));
}
