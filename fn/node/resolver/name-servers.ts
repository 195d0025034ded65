import { parseAddress } from '../../net/address.ts';

/** The name servers in the text of /etc/resolv.conf (resolv.conf(5)), except those of a link (with %). */
export function nameServers(resolvConf: string): readonly string[] {
  return resolvConf.split('\n').flatMap((line) => {
    const [key, address = ''] = line.split(/\s+/);
    return key === 'nameserver' && parseAddress(address) !== undefined ? [address] : [];
  });
}
