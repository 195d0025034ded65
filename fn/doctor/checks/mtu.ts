import { VXLAN_OVERHEAD } from '../../net/mtu.ts';
import { type Check, type Observed, unknown, warning } from '../check.ts';
import { configMap } from '../config-maps.ts';
import type { Network } from '../network.ts';
import type { Subject } from '../subject.ts';

/** The MTU of a network of Google Cloud, unless it was given another (Google Cloud, "Maximum transmission unit"). */
const OF_GOOGLE = 1460;

/** Whether the nodes' interfaces have the MTU that an overlay needs. */
export const mtu: Check = {
  name: 'mtu',
  why: 'where the nodes have a smaller MTU, the agent is not ready; where the path between them has, large packets are lost',
  anchor: 'the-nodes-have-a-smaller-mtu',
  examine: (subject) =>
    subject.networks.flatMap((one) => {
      const needed = neededBy(one);
      return needed === undefined ? [] : [{ ...comparedTo(needed, subject), network: one.label }];
    }),
};

function neededBy({ agentConfig }: Network): number | undefined {
  const { mtu: own, overlay } = agentConfig ?? {};
  return own === undefined || overlay === undefined ? undefined : own + VXLAN_OVERHEAD[overlay.family];
}

function comparedTo(needed: number, { facts, primary, platform }: Subject): Observed {
  const advice = (present: number) => `set \`spec.overlay.underlay.mtu\` to what the nodes have, such as ${present}`;
  const ofCilium = Number(configMap(facts, 'cilium-config')?.data?.['mtu'] ?? 0);
  if (primary?.name === 'Cilium' && ofCilium > 0 && ofCilium < needed) {
    return warning(
      `nodes must have the MTU ${needed}, and Cilium was told that they have ${ofCilium}`,
      advice(ofCilium),
    );
  }
  if (platform === 'GKE' && needed > OF_GOOGLE) {
    return warning(
      `nodes must have the MTU ${needed}, and those of Google Cloud have ${OF_GOOGLE} unless their network was given another`,
      advice(OF_GOOGLE),
    );
  }
  return unknown(
    `nodes must have the MTU ${needed}, which is not told by the API: agents compare it when they start`,
    'ip link show on a node',
  );
}
