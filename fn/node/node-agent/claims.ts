import { type Address, parseAddress } from '../../net/address.ts';
import { containsAddress, parseCidr } from '../../net/cidr.ts';
import type { Attachments } from '../config/agent-config.ts';
import type { Attachment } from './attachment.ts';

/** An address as it was given and as it is. */
export interface GivenAddress extends Address {
  readonly text: string;
}

/** What a client's attachment says by itself, whoever else is there. */
export interface Claim {
  readonly mac: string;
  readonly addresses: readonly GivenAddress[];
  /** Why it may not be a client's, or not with that MAC address. */
  readonly fault: string | undefined;
  /** Why it may not have those addresses. */
  readonly addressFault: string | undefined;
}

/** What is known of a network. */
export interface Network extends Attachments {
  readonly known: ReturnType<typeof read>;
}

const MAC = /^[\da-f]{2}(?::[\da-f]{2}){5}$/;

export function isMac(text: string): boolean {
  return MAC.test(text);
}

// A node may have hundreds of clients, which are judged again with each that comes: what does not change is read once.
const networks = new WeakMap<Attachments, Network>();
const claims = new WeakMap<Network, WeakMap<Attachment, Claim>>();
const keys = new WeakMap<Address, string>();

export function networkOf(attachments: Attachments): Network {
  return kept(networks, attachments, () => ({ ...attachments, known: read(attachments) }));
}

export function claimOf(network: Network, attachment: Attachment): Claim {
  const ofNetwork = kept(claims, network, () => new WeakMap<Attachment, Claim>());
  return kept(ofNetwork, attachment, () => readClaim(network, attachment));
}

/** An address as a key: two texts may be the same address. */
export function keyOf(address: Address): string {
  return kept(keys, address, () => `${address.family} ${address.value}`);
}

export function given(text: string): GivenAddress | undefined {
  const address = parseAddress(text);
  return address && { ...address, text };
}

function kept<K extends object, V>(map: WeakMap<K, V>, key: K, make: () => V): V {
  const before = map.get(key);
  if (before !== undefined) return before;
  const value = make();
  map.set(key, value);
  return value;
}

function read({ routers, gateways, subnets, pool, fixed }: Attachments) {
  const keysOf = (texts: readonly string[]) => new Set(texts.flatMap((text) => given(text) ?? []).map(keyOf));
  return {
    routers: new Map(routers.map((router) => [router.network, router])),
    routerMacs: new Set(routers.map(({ mac }) => mac)),
    routerAddresses: keysOf([...routers.flatMap(({ addresses }) => addresses), ...gateways]),
    subnets: subnets.flatMap((text) => parseCidr(text) ?? []),
    pool: pool.map((ends) => ends.map(parseAddress)),
    fixed: keysOf(fixed),
  };
}

function readClaim(network: Network, attachment: Attachment): Claim {
  const { known } = network;
  const addresses = attachment.addresses.flatMap((text) => given(text) ?? []);
  const inside = addresses.filter((address) => known.subnets.some((cidr) => containsAddress(cidr, address)));
  const isOwn = network.clients.includes(attachment.network);
  return {
    mac: attachment.mac ?? '',
    addresses: inside,
    fault: (isOwn ? undefined : reserved(network, attachment)) ?? macFault(network, attachment),
    addressFault: addressFault(network, attachment, inside),
  };
}

function macFault({ known }: Network, { isChosen, mac }: Attachment): string | undefined {
  if (isChosen) return 'it asks for a MAC address by cni-args';
  if (mac === undefined || !isMac(mac)) return 'its MAC address is not known';
  if (known.routerMacs.has(mac)) return `it has the MAC address of a router, ${mac}`;
  return undefined;
}

function addressFault(
  { known, subnets }: Network,
  { addresses }: Attachment,
  inside: readonly GivenAddress[],
): string | undefined {
  if (addresses.length === 0) return 'it was given no address';
  const foreign = addresses.find((text) => !inside.some((each) => each.text === text));
  if (foreign !== undefined) return `its address ${foreign} is outside ${subnets.join(' and ')}`;
  const ofRouter = inside.find((address) => known.routerAddresses.has(keyOf(address)));
  return ofRouter && `its address ${ofRouter.text} is that of a router`;
}

/** Why an attachment that the user defined must not have its addresses: the network assigns them to other pods. */
function reserved({ known }: Network, { network, addresses }: Attachment): string | undefined {
  const isGiven = (address: Address | undefined) =>
    address !== undefined &&
    (known.fixed.has(keyOf(address)) ||
      known.pool.some(([first, last]) => {
        if (first?.family !== address.family || last === undefined) return false;
        return first.value <= address.value && address.value <= last.value;
      }));
  const found = addresses.find((text) => isGiven(parseAddress(text)));
  return found && `its address ${found} is given by the network, and the attachment ${network} is none of it`;
}
