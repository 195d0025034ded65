import { formatAddress } from '../net/address.ts';
import { formatCidr } from '../net/cidr.ts';
import type { NetworkPlan } from './network-plan.ts';
import { UNPRIVILEGED } from './unprivileged.ts';

/** The name of the guard's init container, and of the volume that it writes to. */
export const GUARD = 'gateway-network-guard';

/**
 * The init container that keeps a pod from starting without the routes of its network, or before the node holds its
 * primary interface. Its requests are its limits, so
 * that a pod stays in the class Guaranteed.
 */
export function guardContainer({ image, label, subnets, unroutedCidrs, primary }: NetworkPlan) {
  const resources = { cpu: '100m', memory: '32Mi' };
  return {
    name: GUARD,
    image,
    command: ['gateway-network', 'guard', 'check'],
    args: [
      `--network=${label}`,
      ...subnets.map(({ gateway }) => `--gateway=${formatAddress(gateway)}`),
      `--unrouted=${unroutedCidrs.map(formatCidr).join(',')}`,
      ...(primary.isHeld ? ['--held'] : []),
    ],
    resources: { requests: resources, limits: resources },
    // What it said last is in the pod's status.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: UNPRIVILEGED,
    volumeMounts: [{ name: GUARD, mountPath: '/run/gateway-network' }],
  };
}

/** The volume that the guard fills beyond its limit, so that the kubelet evicts the pod. */
export function guardVolume() {
  return { name: GUARD, emptyDir: { sizeLimit: '1Mi' } };
}
