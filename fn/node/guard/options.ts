import { type Address, parseAddress } from '../../net/address.ts';
import { type Cidr, parseCidr } from '../../net/cidr.ts';

/** The routes that a pod must have. */
export interface Wanted {
  /** The network, as messages call it. */
  readonly network: string;
  /** At most one of each family. */
  readonly gateways: readonly Address[];
  /**
   * What the network has no routes for. All else leads to the gateway of its family, or to the network where none is.
   */
  readonly unrouted: readonly Cidr[];
  /** Whether the node must hold the pod to that at its primary interface as well. */
  readonly held: boolean;
}

/**
 * Reads the arguments of the container: `--network=LABEL`, `--gateway=ADDRESS` for each family,
 * `--unrouted=CIDR,CIDR`, and `--held`.
 *
 * @throws Error that quotes what cannot be read
 */
export function readOptions(options: readonly string[]): Wanted {
  const values = (name: string) =>
    options.flatMap((option) => (option.startsWith(name) ? option.slice(name.length) : []));
  const stranger = options.find((option) => !/^--(?:(?:network|gateway|unrouted)=.*|held)$/.test(option));
  if (stranger !== undefined) throw new Error(`${stranger}: must be --network=, --gateway=, --unrouted= or --held`);
  const [network = ''] = values('--network=');
  const unrouted = values('--unrouted=').flatMap((list) => list.split(',').filter((text) => text !== ''));
  return {
    network,
    gateways: values('--gateway=').map((text) => parsed('--gateway=', text, parseAddress, 'an IP address')),
    unrouted: unrouted.map((text) => parsed('--unrouted=', text, parseCidr, 'networks, such as 10.0.0.0/8')),
    held: options.includes('--held'),
  };
}

function parsed<T>(name: string, text: string, parse: (text: string) => T | undefined, must: string): T {
  const value = parse(text);
  if (value === undefined) throw new Error(`${name}${text}: must be ${must}`);
  return value;
}
