import { knownWorkload } from '../api/workload-kinds.ts';
import { type Manifest, nameOf } from '../changes/manifest.ts';
import { type NotedInterface, parseNoted, STATUS_ANNOTATION } from '../clients/network-status.ts';
import { interfacesOf, parseNetworks } from '../clients/networks-annotation.ts';
import { NETWORKS_ANNOTATION } from '../marks.ts';
import { type Address, parseAddress } from '../net/address.ts';
import { fieldsOf, isFields } from '../yaml/fields.ts';
import type { Attachment, NetworkFacts } from './network-facts.ts';

/** A pod that sends, or the pods of a workload. */
export interface Sender {
  /** Such as `Deployment apps/web`. */
  readonly name: string;
  /** How it is on a network; nothing where it asks for none that is known. */
  readonly client?: ClientOf;
}

export interface ClientOf {
  readonly network: NetworkFacts;
  readonly attachment: Attachment;
  /** Its interface on the network. */
  readonly interface: string;
  /** Its addresses there, where they are known. */
  readonly addresses: readonly Address[];
  /** Whether it has that interface; of a workload, whose pods are not there, that is taken for granted. */
  readonly isAttached: boolean;
}

/** The sender that an object is: a pod of a cluster, or a workload; nothing where it makes no pods. */
export function senderOf(manifest: Manifest, networks: readonly NetworkFacts[]): Sender | undefined {
  const { apiVersion, kind, metadata } = manifest;
  const path = knownWorkload(kind, apiVersion)?.path;
  const pod = path?.reduce<unknown>((value, key) => fieldsOf(value)[key], manifest);
  if (!isFields(pod) || kind === 'HelmRelease') return undefined;
  const annotations = fieldsOf(fieldsOf(pod['metadata'])['annotations']);
  // Multus notes what it has done before a pod runs.
  const noted = parseNoted(annotations[STATUS_ANNOTATION]) ?? (isRunning(manifest) ? [] : undefined);
  const client = clientOf(annotations, noted, metadata.namespace, networks);
  return { name: `${kind} ${nameOf(metadata)}`, ...(client && { client }) };
}

/** Any client of a network, where none is known by name. */
export function anyClient(network: NetworkFacts): Sender {
  const [attachment] = network.attachments;
  const name = `any client of ${network.label}`;
  if (attachment === undefined) return { name };
  return { name, client: { network, attachment, interface: 'net1', addresses: attachment.fixed, isAttached: true } };
}

function clientOf(
  annotations: Readonly<Record<string, unknown>>,
  noted: readonly NotedInterface[] | undefined,
  home: string | undefined,
  networks: readonly NetworkFacts[],
): ClientOf | undefined {
  const value = annotations[NETWORKS_ANNOTATION];
  const references = (typeof value === 'string' ? parseNetworks(value) : undefined) ?? [];
  const interfaces = interfacesOf(references);
  for (const [index, { namespace = home, name }] of references.entries()) {
    const wanted = nameOf({ name, ...(namespace !== undefined && { namespace }) });
    for (const network of networks) {
      const attachment = network.attachments.find((one) => one.name === wanted);
      if (attachment === undefined) continue;
      const given = noted?.find((one) => one.name === wanted)?.ips ?? [];
      return {
        network,
        attachment,
        interface: interfaces[index] ?? 'net1',
        addresses: given.length > 0 ? given.flatMap((text) => parseAddress(text) ?? []) : attachment.fixed,
        isAttached: noted === undefined || noted.some((one) => one.name === wanted),
      };
    }
  }
  return undefined;
}

function isRunning(manifest: Manifest): boolean {
  return 'status' in manifest && fieldsOf(manifest.status)['phase'] === 'Running';
}
