import type { V1ObjectMeta } from '@kubernetes/client-node';
import { parseNoted, STATUS_ANNOTATION } from '../clients/network-status.ts';
import { parseNetworks } from '../clients/networks-annotation.ts';
import type { Named } from '../cluster/observation.ts';
import { API_GROUP, CLIENT_ANNOTATION, NETWORK_NAMESPACE_ANNOTATION, NETWORKS_ANNOTATION } from '../marks.ts';

/** Labels of ours; those of pods choose them, and are another's. */
const LABELS = /^(?:app\.kubernetes\.io\/(?:component|managed-by|version)|gatewaynetwork\.dev\/(?:network|router))$/;
/** Annotations whose values we write, none of which holds text of anybody else. */
const ANNOTATIONS = [NETWORK_NAMESPACE_ANNOTATION, CLIENT_ANNOTATION, `${API_GROUP}/configuration`];
/** Names and fingerprints, and nothing else. */
const NAME = /^[a-z0-9]([-a-z0-9./]*[a-z0-9])?$/;

/** The metadata of an object that may be told: its names and times, our labels and annotations, and its networks. */
export function safeMetadata({ metadata = {} }: Named): V1ObjectMeta {
  const { namespace, name, uid, generation, creationTimestamp, deletionTimestamp } = metadata;
  const named = { name, namespace, uid, generation, creationTimestamp, deletionTimestamp };
  return {
    ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)),
    labels: chosen(metadata.labels ?? {}, (key) => LABELS.test(key)),
    annotations: {
      ...chosen(metadata.annotations ?? {}, (key) => ANNOTATIONS.includes(key)),
      ...networksOf(metadata.annotations ?? {}),
    },
  };
}

type Texts = Readonly<Record<string, string>>;

function chosen(all: Texts, isChosen: (key: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([key, value]) => isChosen(key) && NAME.test(value)));
}

/** Which networks a pod asks for, and which it has: names, interfaces and addresses alone. */
function networksOf(annotations: Texts): Record<string, string> {
  const asked = annotations[NETWORKS_ANNOTATION];
  const noted = annotations[STATUS_ANNOTATION];
  return {
    ...(asked !== undefined && { [NETWORKS_ANNOTATION]: namesIn(asked) }),
    ...(noted !== undefined && { [STATUS_ANNOTATION]: JSON.stringify(notedIn(noted)) }),
  };
}

function namesIn(value: string): string {
  const references = parseNetworks(value) ?? [];
  return references.map(({ namespace, name }) => (namespace === undefined ? name : `${namespace}/${name}`)).join(', ');
}

function notedIn(value: string): readonly object[] {
  return (parseNoted(value) ?? []).map(({ name, interface: own, ips }) => ({
    name: NAME.test(name) ? name : '',
    interface: NAME.test(own) ? own : '',
    ips: ips.filter((ip) => /^[\da-f.:]+$/i.test(ip)),
  }));
}
