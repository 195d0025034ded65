import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { routerData } from '../../fn/render/router-data.ts';
import { planOf } from '../plan/network.ts';
import { createNamespace, join, type Namespace, run } from './namespace.ts';
import { createProgram, type Program, writeConfig } from './program.ts';
import { eventually } from './eventually.ts';

/** The configuration of the router. */
export const CONFIG = routerData(
  planOf(`{subnets: [192.168.50.0/24], gateway: {egress: {type: VPN, vpn: {type: WireGuard,
    wireGuard: {secretName: keys, implementation: Userspace}}}}}`),
);

/** A pair of keys of WireGuard. */
export interface Keys {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** A router pod with `eth0`, and the peer at its other end; the program of the tunnel is not started. */
export interface Tunnel extends Program {
  readonly peer: Namespace;
  readonly keys: Keys;
  /** The peer's. */
  readonly peerKeys: Keys;
  /** Runs `wg` as the program does. */
  readonly wg: (args: string) => string;
  /** Makes the peer know one more public key, with the addresses that it may send from. */
  readonly admit: (publicKey: string, addresses: string) => void;
}

/** Where the peer is: addresses of its own on eth0, two of them so that it can move, and one inside of the tunnel. */
export const PEER = { port: 51820, addresses: ['10.244.1.1', '10.244.1.9'], inside: '10.64.0.1' } as const;

export function createKeys(): Keys {
  const privateKey = execFileSync('wg', ['genkey'], { encoding: 'utf8' }).trim();
  return { privateKey, publicKey: execFileSync('wg', ['pubkey'], { input: privateKey, encoding: 'utf8' }).trim() };
}

export async function createTunnel(environment: Readonly<Record<string, string>> = {}): Promise<Tunnel> {
  const namespace = createNamespace();
  const peer = createNamespace();
  for (const each of [namespace, peer]) run(each, 'echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad');
  join(namespace, 'eth0', peer, 'eth0');
  // The router's own address is what the program waits for.
  run(namespace, 'ip link set eth0 mtu 1400; ip addr add 10.244.1.2/24 dev eth0; ip addr add 192.168.50.1/32 dev lo');
  run(peer, PEER.addresses.map((address) => `ip addr add ${address}/24 dev eth0;`).join(' '));
  const program = createProgram({ namespace, script: 'wireguard', environment: {} });
  const { directory } = program;
  writeConfig(program, 'config.json', JSON.stringify(CONFIG));
  const [keys, peerKeys] = [createKeys(), createKeys()];
  mkdirSync(`${directory}/peer`);
  // `ip netns exec` leaves mounts to the command alone.
  const inside = (sockets: string) =>
    `mkdir -p /run/wireguard && mount --bind ${directory}/${sockets} /run/wireguard &&`;
  const wg = (who: Namespace, sockets: string, args: string) => run(who, `${inside(sockets)} wg ${args}`);
  spawn('ip', ['netns', 'exec', peer, 'sh', '-c', `${inside('peer')} exec wireguard-go -f wg0`], { stdio: 'ignore' });
  await eventually(() => run(peer, 'ip link show wg0'));
  writeFileSync(`${directory}/peer.key`, peerKeys.privateKey);
  await eventually(() => wg(peer, 'peer', `set wg0 listen-port ${PEER.port} private-key ${directory}/peer.key`));
  run(peer, `ip addr add ${PEER.inside}/24 dev wg0; ip addr add fd00:64::1/64 dev wg0; ip link set wg0 up`);
  const tunnel: Tunnel = {
    ...program,
    environment: { ROUTER: '0', ...environment },
    peer,
    keys,
    peerKeys,
    wg: (args) => wg(namespace, 'wireguard', args),
    admit: (publicKey, addresses) => void wg(peer, 'peer', `set wg0 peer ${publicKey} allowed-ips ${addresses}`),
  };
  tunnel.admit(keys.publicKey, '10.64.0.2/32,fd00:64::2/128');
  return tunnel;
}

/** Replaces the configuration at once, as the kubelet does. */
export function writeConfiguration({ directory }: Tunnel, text: string): void {
  writeFileSync(`${directory}/secret/wg0.conf.new`, text);
  renameSync(`${directory}/secret/wg0.conf.new`, `${directory}/secret/wg0.conf`);
}

/** A configuration as a provider hands it out. */
export function configuration({ keys, peerKeys }: Tunnel, endpoint = `${PEER.addresses[0]}:${PEER.port}`): string {
  return `[Interface]
PrivateKey = ${keys.privateKey}
Address = 10.64.0.2/16, fd00:64:0::2

[Peer]
PublicKey = ${peerKeys.publicKey}
AllowedIPs = 0.0.0.0/0, ::/0
Endpoint = ${endpoint}
`;
}
