import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** Runs the executable as a shell would. */
export function command(args: readonly string[], input = '', cwd = ROOT) {
  return spawnSync(join(ROOT, 'dist/gateway-network-fn'), args, { cwd, input, encoding: 'utf8' });
}

export const NETWORK = `apiVersion: gatewaynetwork.dev/v1alpha1
kind: GatewayNetwork
metadata: {name: vpn, namespace: egress}
spec:
  subnets: [192.168.50.0/24]
  overlay: {vni: 1000}
`;

export const BROKEN = NETWORK.replace('1000', '0');
