import type { V1Volume } from '@kubernetes/client-node';
import { WIREGUARD } from '../agent/programs.ts';
import { PRIMARY_INTERFACE } from '../plan/gateway.ts';
import type { NetworkPlan, RouterPlan } from '../plan/network-plan.ts';
import type { ConfigData } from './config-map.ts';
import type { Mount, Pod, Program } from './pod.ts';
import { TUNNEL_MARK } from './router-own-rules.ts';

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
      script: WIREGUARD.entry,
      resources: plan.resources.router,
      env: [
        { name: 'CONFIG', value: `${SECRET_DIR}/${key}` },
        { name: 'INTERFACE', value: egress.interface },
        { name: 'UNDERLAY', value: PRIMARY_INTERFACE },
        { name: 'MARK', value: TUNNEL_MARK },
        { name: 'IMPLEMENTATION', value: implementation },
      ],
      mounts: [keyOf(secretName, key), ...(implementation === 'Userspace' ? [SOCKET, DEVICE] : [])],
    },
  ];
}

/** What {@link tunnelPrograms} need in the ConfigMap. */
export function tunnelFiles({ egress }: NetworkPlan): ConfigData {
  return egress.type === 'VPN' && egress.tunnel.type === 'WireGuard' ? WIREGUARD.files : {};
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
