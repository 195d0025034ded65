import type { V1Volume } from '@kubernetes/client-node';
import type { NetworkPlan, RouterPlan } from '../plan/network-plan.ts';
import { type Mount, type Pod, type Program, programCommand } from './pod.ts';

const SECRET_DIR = '/etc/wireguard';
/** To be read by root alone; Kubernetes takes the mode as a number. */
const SECRET_MODE = 0o400;
/** The directory of the socket between `wg` and wireguard-go. */
const SOCKET_DIR = '/run/wireguard';
const TUN = '/dev/net/tun';

/** The program that keeps a built-in tunnel; none for another egress. */
export function tunnelPrograms(plan: NetworkPlan, router: RouterPlan): readonly Program[] {
  const { egress } = plan;
  if (egress.type !== 'VPN' || egress.tunnel.type !== 'WireGuard') return [];
  const { secretName, implementation } = egress.tunnel;
  const key = `wg${router.index}.conf`;
  return [
    {
      container: 'wireguard',
      command: programCommand('wireguard'),
      resources: plan.resources.router,
      env: [],
      mounts: [keyOf(secretName, key), ...(implementation === 'Userspace' ? [SOCKET, DEVICE] : [])],
    },
  ];
}

/** The user's VPN client, unchanged; none for another egress. */
export function tunnelContainer({ egress }: NetworkPlan): Pod['foreign'] {
  if (egress.type !== 'VPN' || egress.tunnel.type !== 'Container') return undefined;
  const { container, volumes } = egress.tunnel;
  return { containers: [container], volumes: volumes as readonly object[] as readonly V1Volume[] };
}

/** Each router sees its own key only. */
function keyOf(secretName: string, key: string): Mount {
  const secret = { secretName, defaultMode: SECRET_MODE, items: [{ key, path: key }] };
  return { volume: { name: 'wireguard', secret }, mountPath: SECRET_DIR, readOnly: true };
}

const SOCKET: Mount = {
  volume: { name: 'wireguard-socket', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
  mountPath: SOCKET_DIR,
};

const DEVICE: Mount = { volume: { name: 'tun', hostPath: { path: TUN, type: 'CharDevice' } }, mountPath: TUN };
