import { BlockList, isIP } from 'node:net';

/**
 * The proxy of the environment by which a server is reached, as kubectl takes it where a kubeconfig names none (Go,
 * golang.org/x/net/http/httpproxy).
 */
export function proxyFor(server: string, environment: NodeJS.ProcessEnv): string | undefined {
  if (!URL.canParse(server)) return undefined;
  const { protocol, hostname, port } = new URL(server);
  const given = (name: string) => environment[name] || environment[name.toLowerCase()] || '';
  const proxy = given(protocol === 'http:' ? 'HTTP_PROXY' : 'HTTPS_PROXY');
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const place = { host, port: port || (protocol === 'http:' ? '80' : '443') };
  if (
    proxy === '' ||
    isOwn(host) ||
    given('NO_PROXY')
      .split(',')
      .some((one) => covers(one.trim(), place))
  ) {
    return undefined;
  }
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** The host itself is never asked by a proxy. */
function isOwn(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

interface Place {
  readonly host: string;
  readonly port: string;
}

/** Whether an entry of `NO_PROXY` means a server: `*`, an address, a network, or a domain with all below it. */
function covers(entry: string, { host, port }: Place): boolean {
  if (entry === '*') return true;
  const [, name = '', only] = isIP(entry) > 0 ? [entry, entry] : (/^\[?(.*?)\]?(?::(\d+))?$/.exec(entry) ?? []);
  if (name === '' || (only !== undefined && only !== port)) return false;
  const [address = '', length] = name.split('/');
  if (isIP(host) > 0) return isIP(host) === isIP(address) && isWithin(host, address, length);
  const domain = name.toLowerCase().replace(/^\*(?=\.)/, '');
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

function isWithin(host: string, address: string, length: string | undefined): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const bits = length === undefined ? (family === 'ipv6' ? 128 : 32) : Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 'ipv6' ? 128 : 32)) return false;
  const network = new BlockList();
  network.addSubnet(address, bits, family);
  return network.check(host, family);
}
