import type { Explanation } from '../../fn/explain/explanation.ts';
import { run } from '../agent/namespace.ts';
import type { Client, Pod } from './pods.ts';

/** Interfaces that packets of a client go by, as an explanation names them, and how many they have carried. */
export type Carried = Readonly<Record<string, number>>;

/**
 * How many packets each interface on the way that is explained has carried outwards until now; that of the VXLAN only
 * where the router is on another node.
 */
export function carriedBy({ hops }: Explanation, client: Client, router: Pod): Carried {
  const text = hops.map(({ what, by = '' }) => `${what} ${by}\n`).join('');
  const named = (pattern: RegExp) => {
    const [, device] = pattern.exec(text) ?? [];
    if (device === undefined) throw new Error(`${pattern} is not in the explanation:\n${text}`);
    return device;
  };
  const [own, vxlan, egress] = [
    named(/\bdev (\S+?),/),
    named(/by the VXLAN (\S+)/),
    named(/by (\S+) to the cluster's/),
  ];
  const count = (namespace: string, device: string, direction: 'rx' | 'tx') =>
    Number(run(namespace, `cat /sys/class/net/${device}/statistics/${direction}_packets`));
  return {
    [`client ${own}`]: count(client.namespace, own, 'tx'),
    ...(client.node !== router.node && {
      [`client's node ${vxlan}`]: count(client.node.namespace, vxlan, 'tx'),
      [`router's node ${vxlan}`]: count(router.node.namespace, vxlan, 'rx'),
    }),
    [`router ${egress}`]: count(router.namespace, egress, 'tx'),
  };
}
