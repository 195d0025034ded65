import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { daemon, type VpnHost, type VpnServer, VPN } from './vpn-host.ts';

const PORT = 1194;

/** Makes an OpenVPN server, over UDP. All its clients have the same configuration, with keys of their own in it. */
export function createOpenVpn(host: VpnHost): VpnServer {
  const directory = `${host.directory}/openvpn`;
  mkdirSync(directory);
  const own = makeCertificate(directory, 'server');
  const client = makeCertificate(directory, 'client');
  const log = `${directory}/log`;
  const inline = ({ certificate, key }: Certificate, peer: Certificate) => `dev tun0
<cert>
${certificate}</cert>
<key>
${key}</key>
<peer-fingerprint>
${peer.fingerprint}
</peer-fingerprint>
`;
  const config = `proto udp6
port ${PORT}
topology subnet
server 10.67.0.0 255.255.255.0
server-ipv6 fd00:67::/64
keepalive 1 5
duplicate-cn
dh none
disable-dco
push "redirect-gateway def1 ipv6"
log-append ${log}
${inline(own, client)}`;
  writeFileSync(`${directory}/server.conf`, config, { mode: 0o600 });
  const { start, end } = daemon(host, ['openvpn', '--config', `${directory}/server.conf`]);
  return {
    port: PORT,
    clients: [
      `client
proto udp
remote ${VPN.IPv4} ${PORT}
nobind
disable-dco
${inline(client, own)}`,
    ],
    start: () => {
      rmSync(log, { force: true });
      start(() => existsSync(log) && readFileSync(log, 'utf8').includes('Initialization Sequence Completed'));
    },
    end,
  };
}

interface Certificate {
  readonly certificate: string;
  readonly key: string;
  /** SHA-256, in hexadecimal with colons. */
  readonly fingerprint: string;
}

function makeCertificate(directory: string, name: string): Certificate {
  const [key, certificate] = [`${directory}/${name}.key`, `${directory}/${name}.pem`];
  const options = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 2 -subj /CN=${name}`;
  openssl(...options.split(' '), '-keyout', key, '-out', certificate);
  const fingerprint = openssl('x509', '-in', certificate, '-noout', '-fingerprint', '-sha256')
    .replace(/.*=/, '')
    .trim();
  return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8'), fingerprint };
}

function openssl(...args: readonly string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
