import { type Check, error, type Observed, ok, unknown, unseenAmong, warning } from '../check.ts';
import { ofKind } from '../kinds.ts';
import type { Network } from '../network.ts';
import type { PrimaryNetwork } from '../primary-network.ts';
import type { Subject } from '../subject.ts';

/** Whether port and VNI of an overlay are free on the nodes. */
export const vxlan: Check = {
  name: 'vxlan',
  why: 'the kernel refuses a second VXLAN of the same port and VNI, and some programs want a port for themselves',
  anchor: 'the-vxlan-port-or-vni-is-taken',
  examine: (subject) =>
    subject.networks.flatMap((one) => {
      const own = overlayOf(one);
      return own === undefined
        ? []
        : [...ofOthers(own, one, subject), ...ofPrimary(own, subject)].map((seen) => ({ ...seen, network: one.label }));
    }),
};

interface Overlay {
  readonly vni: number;
  readonly port: number;
}

/** Of agents, or of the Links of node-network-operator. */
function overlayOf({ agentConfig, objects }: Network): Overlay | undefined {
  const [link] = ofKind(objects, 'Link').flatMap(({ spec }) => spec?.vxlan ?? []);
  return agentConfig?.overlay ?? (link && { vni: link.vnid, port: link.port });
}

function ofOthers({ vni }: Overlay, { label }: Network, { installed }: Subject): readonly Observed[] {
  const owner = installed.find((other) => other.label !== label && overlayOf(other)?.vni === vni);
  return owner === undefined
    ? []
    : [error(`VNI ${vni} is that of the network ${owner.label}`, 'take another `spec.overlay.vni`')];
}

function ofPrimary(own: Overlay, { primary, facts }: Subject): readonly Observed[] {
  const seen = `VNI ${own.vni} on UDP port ${own.port}`;
  if (primary === undefined)
    return [unknown(`the primary CNI is not recognised: whether it uses ${seen} is not known`)];
  const tunnel = primary.tunnels.find(({ port }) => port === own.port);
  const { configMaps, ipPools, felix, installed } = facts;
  const gap = unseenAmong({
    ConfigMaps: configMaps,
    'IPPools of Calico': ipPools,
    'FelixConfigurations of Calico': felix,
    'networks of the cluster': installed,
  });
  if (tunnel === undefined && gap !== undefined)
    return [unknown(`nothing is seen that uses ${seen}, but not all is: ${gap}`)];
  if (tunnel === undefined) return [ok(`UDP port ${own.port} is free: ${tunnelsOf(primary)}`)];
  const advice = 'take another `spec.overlay.port`';
  if (!tunnel.isShared) return [error(`${primary.name} has UDP port ${own.port} for itself`, advice)];
  if (tunnel.vni === own.vni)
    return [error(`${primary.name} uses ${seen}`, `${advice}, or another \`spec.overlay.vni\``)];
  return [warning(`${primary.name} uses UDP port ${own.port} too, with VNI ${tunnel.vni}`, advice)];
}

function tunnelsOf({ name, tunnels }: PrimaryNetwork): string {
  const ports = tunnels.map(({ port }) => port).join(', ');
  return ports === '' ? `${name} has no tunnel that is known` : `${name} uses ${ports}`;
}
