import { listOf, textOf, textsOf } from '../yaml/fields.ts';

/** Where Multus notes what it has attached a pod to (de-facto standard v1.3, section 5.2). */
export const STATUS_ANNOTATION = 'k8s.v1.cni.cncf.io/network-status';

/** An interface that Multus has noted. */
export interface NotedInterface {
  /** The attachment, as `namespace/name`. */
  readonly name: string;
  readonly interface: string;
  readonly ips: readonly string[];
}

/** What a pod's annotation notes, which whoever may change the pod can write, too; nothing where it is no list. */
export function parseNoted(value: unknown): readonly NotedInterface[] | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const list: unknown = JSON.parse(value);
    if (!Array.isArray(list)) return undefined;
    return listOf(list).map(({ name, interface: own, ips }) => ({
      name: textOf(name),
      interface: textOf(own),
      ips: textsOf(ips),
    }));
  } catch {
    return undefined;
  }
}
