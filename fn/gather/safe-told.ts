import type { V1ConfigMap, V1Pod } from '@kubernetes/client-node';
import { configMapOf } from '../status/member.ts';
import type { Told } from '../status/network-status.ts';
import { componentOf } from '../status/owner.ts';
import { type AllTold, toldBy } from '../status/told.ts';
import { fieldsOf } from '../yaml/fields.ts';
import { ADDRESS, parsed } from './safe-addresses.ts';
import { stateLine } from './words.ts';

type Report = NonNullable<Told['report']>;

const LEFT_OUT = 'not in the archive';
/** How much of a report is kept, which is more than any program of ours says. */
const [CHARACTERS, REASONS, ADDRESSES] = [2000, 100, 8] as const;
const REASON = /^[a-z][-a-z]{0,62}$/;
const DEVICE = /^[-\w.]{1,15}$/;
const CONFIGURATION = /^[\da-f]{1,64}$/;
/** Why a program was not asked, in words of ours; others are those of the API server or of the pod. */
const UNASKED =
  /^(?:its image is of a release that cannot be asked|no (?:answer|end) within \d+ s|the connection was closed|its answer is not understood|it has printed more than \d+ MiB|forbidden: whoever asks must be allowed .*|Unexpected server response: \d+)$/;

/**
 * What programs have told of themselves, without what is not theirs. The address of a tunnel is of the configuration of
 * a VPN: the way out is told where a ConfigMap that is as it was rendered says that it is none.
 */
export function safeTold(pods: readonly V1Pod[], configMaps: readonly V1ConfigMap[], told: AllTold): AllTold {
  return new Map(
    pods.flatMap((pod): [string, Told][] => {
      const { report, unasked } = toldBy(pod, told);
      const name = `${pod.metadata?.namespace}/${pod.metadata?.name}`;
      if (report !== undefined) {
        const { egress, ...rest } = safeReport(componentOf(pod) ?? '', report);
        return [[name, { report: { ...rest, ...(egress && !mayBeTunnel(pod, configMaps) && { egress }) } }]];
      }
      if (unasked === undefined) return [];
      return [[name, { unasked: UNASKED.test(unasked) ? unasked : LEFT_OUT }]];
    }),
  );
}

function mayBeTunnel({ metadata, spec }: V1Pod, configMaps: readonly V1ConfigMap[]): boolean {
  const found = configMaps.find(
    (one) => one.metadata?.name === configMapOf(spec) && one.metadata?.namespace === metadata?.namespace,
  );
  const { type } = fieldsOf(parsed(found?.data?.['config.json'])['egress']);
  return type !== 'ClusterNetwork' && type !== 'Network';
}

function safeReport(container: string, report: Report): Report {
  const { state, configuration, drops, peers, egress, handshakeAge } = report;
  const counts = Object.entries(drops).filter(([reason]) => REASON.test(reason));
  return {
    state: stateLine(container, state)?.slice(0, CHARACTERS) ?? LEFT_OUT,
    ...(configuration !== undefined && CONFIGURATION.test(configuration) && { configuration }),
    drops: Object.fromEntries(counts.slice(0, REASONS)),
    ...(peers !== undefined && { peers }),
    ...(egress && DEVICE.test(egress.interface) && { egress: { ...egress, addresses: safe(egress.addresses) } }),
    ...(handshakeAge !== undefined && { handshakeAge }),
  };
}

function safe(addresses: readonly string[]): readonly string[] {
  return addresses.filter((address) => ADDRESS.test(address)).slice(0, ADDRESSES);
}
