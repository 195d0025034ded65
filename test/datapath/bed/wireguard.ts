import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { run, tryRun } from '../../agent/namespace.ts';
import { daemon, type VpnHost, type VpnServer, VPN } from './vpn-host.ts';

/** A WireGuard server, in user space. */
export interface WireGuard extends VpnServer {
  readonly publicKey: string;
  /** When it has last agreed on keys with each client, in seconds since the epoch; 0 for never. */
  readonly handshakes: () => readonly number[];
}

const PORT = 51_820;
/** The MTU of the tunnel that wg-quick gives it: that of the underlay without 80 bytes. */
const OVERHEAD = 80;

/** The addresses in the tunnel of the client of a number, counted from 1. */
export function tunnelAddresses(client: number): { readonly IPv4: string; readonly IPv6: string } {
  return { IPv4: `10.66.0.${1 + client}`, IPv6: `fd00:66::${1 + client}` };
}

/** Makes a server with keys of its own for so many clients, whose configurations are as wg-quick reads them. */
export function createWireGuard(host: VpnHost, clientCount = 1, mtu = 1500): WireGuard {
  const { namespace } = host;
  const directory = `${host.directory}/wireguard`;
  mkdirSync(directory);
  const own = makeKeys();
  const peers = Array.from({ length: clientCount }, (_, index) => ({
    ...makeKeys(),
    sharedKey: wg('genpsk'),
    addresses: tunnelAddresses(index + 1),
  }));
  const config = `[Interface]
PrivateKey = ${own.privateKey}
ListenPort = ${PORT}
${peers
  .map(
    ({ publicKey, sharedKey, addresses }) => `[Peer]
PublicKey = ${publicKey}
PresharedKey = ${sharedKey}
AllowedIPs = ${addresses.IPv4}/32, ${addresses.IPv6}/128
`,
  )
  .join('')}`;
  writeFileSync(`${directory}/wg0.conf`, config, { mode: 0o600 });
  // Each program looks for the socket of an interface in this folder, whatever its network namespace is.
  mkdirSync('/run/wireguard', { recursive: true });
  const inside = (command: string) => `mount --bind ${directory} /run/wireguard && ${command}`;
  const { start, end } = daemon(host, ['sh', '-c', inside('exec wireguard-go --foreground wg0')]);
  return {
    port: PORT,
    publicKey: own.publicKey,
    clients: peers.map(
      ({ privateKey, sharedKey, addresses }) => `[Interface]
PrivateKey = ${privateKey}
Address = ${addresses.IPv4}/32, ${addresses.IPv6}/128

[Peer]
PublicKey = ${own.publicKey}
PresharedKey = ${sharedKey}
AllowedIPs = 0.0.0.0/0, ::/0
Endpoint = ${VPN.IPv4}:${PORT}
PersistentKeepalive = 5
`,
    ),
    start: () => {
      rmSync(`${directory}/wg0.sock`, { force: true });
      start(() => existsSync(`${directory}/wg0.sock`));
      run(
        namespace,
        inside(`wg setconf wg0 ${directory}/wg0.conf
          ip addr add 10.66.0.1/24 dev wg0 && ip addr add fd00:66::1/64 dev wg0 nodad && ip link set wg0 mtu ${mtu - OVERHEAD} up`),
      );
    },
    end,
    handshakes: () => {
      const lines = tryRun(namespace, inside('wg show wg0 latest-handshakes'))?.trim().split('\n') ?? [];
      const times = new Map(lines.map((line) => line.split('\t') as [string, string]));
      return peers.map(({ publicKey }) => Number(times.get(publicKey) ?? 0));
    },
  };
}

function makeKeys(): { readonly privateKey: string; readonly publicKey: string } {
  const privateKey = wg('genkey');
  return { privateKey, publicKey: wg('pubkey', privateKey) };
}

function wg(command: string, input = ''): string {
  return execFileSync('wg', [command], { encoding: 'utf8', input }).trim();
}
