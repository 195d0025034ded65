import type { V1ConfigMap, V1PodTemplateSpec } from '@kubernetes/client-node';
import { API_GROUP } from '../marks.ts';
import { fingerprintOf } from '../node/config/fingerprint.ts';
import { configMapOf } from './member.ts';

/** The fingerprint that was rendered. */
const FINGERPRINT_ANNOTATION = `${API_GROUP}/configuration`;

/** The configuration that a template gives its pods, as programs name it; or what is wrong with it. */
export interface Applied {
  readonly configuration?: string;
  readonly problem?: string;
}

/** Looks for it among the ConfigMaps of the network. */
export function appliedConfiguration(template: V1PodTemplateSpec, configMaps: readonly V1ConfigMap[]): Applied {
  const name = configMapOf(template.spec);
  const found = configMaps.find(({ metadata }) => metadata?.name === name);
  if (found === undefined) {
    return { problem: `the ConfigMap ${name} is not there, without which no new pod starts: apply all manifests` };
  }
  const present = fingerprintOf(new Map(Object.entries(found.data ?? {})));
  const rendered = found.metadata?.annotations?.[FINGERPRINT_ANNOTATION];
  if (present === rendered) return { configuration: present };
  return {
    configuration: present,
    problem: `the ConfigMap ${name} is not as it was rendered (configuration ${present}, not ${rendered}): apply the manifests again`,
  };
}
