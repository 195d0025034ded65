import { ADDRESS_BITS, type Address, FAMILIES, type Family, isSame, parseAddress } from '../../net/address.ts';
import { type Cidr, containsAddress, firstOf, formatCidr, lastOf, networkOf, overlaps } from '../../net/cidr.ts';
import { parseInterfaceAddress } from '../../net/interface-address.ts';
import { isIn, LINK_LOCAL } from '../../net/special-ranges.ts';
import { fault, type Fault, refusal } from '../fault.ts';
import type { GatewayNetwork } from '../generated/gateway-network.ts';
import { quote } from '../quote.ts';
import { subnetsOf } from '../subnet.ts';
import type { Rule } from './rule.ts';

const PATH = 'spec.gateway.egress.network';

/** An address on the network of the egress, as the user wrote it. */
interface Entry {
  readonly path: string;
  readonly text: string;
  readonly address: Address;
}

/** A router's own address has the prefix length of its network. */
interface OwnEntry extends Entry {
  readonly network: Cidr;
}

/**
 * Each router has an address of each family of the network; all of a family, the next hop and what
 * clients share are different hosts
 * of one network, which is none of the clients' own.
 */
export const egressNetwork: Rule = {
  reads: ['metadata', 'spec.subnets', 'spec.gateway.replicas', PATH],
  checkNetwork: (network) => {
    const settings = network.spec.gateway?.egress?.network;
    if (settings === undefined) return [];
    const { addresses, gateways, snatAddresses = [] } = settings;
    const own = addresses.flatMap((text, index) => readOwn(`${PATH}.addresses[${index}]`, text));
    const next = gateways.flatMap((text, index) => read(`${PATH}.gateways[${index}]`, text));
    const shared = snatAddresses.flatMap((text, index) => read(`${PATH}.snatAddresses[${index}]`, text));
    const all = [...own, ...next, ...shared];
    const faults = all.filter(isFault);
    const [ownEntries, nextEntries, sharedEntries] = [own.filter(isOwn), next.filter(isEntry), shared.filter(isEntry)];
    return [
      ...attachmentFaults(network),
      ...faults,
      ...ownEntries.flatMap((entry) => ownFaults(entry, ownEntries, network)),
      ...[...nextEntries, ...sharedEntries].flatMap((entry) => placeFaults(entry, ownEntries, network)),
      ...[nextEntries, sharedEntries].flatMap(seconds),
      ...duplicates([...ownEntries, ...nextEntries, ...sharedEntries]),
      ...(faults.length > 0 ? [] : countFaults(ownEntries, nextEntries, network)),
    ];
  },
};

function attachmentFaults({ metadata, spec }: GatewayNetwork): readonly Fault[] {
  const attachment = spec.gateway?.egress?.network?.attachment;
  const namespace = attachment?.namespace ?? metadata.namespace;
  if (attachment?.name !== metadata.name || namespace !== metadata.namespace) return [];
  const because = 'that is the attachment of this network itself';
  return [refusal('InvalidName', `${PATH}.attachment.name`, attachment.name, 'name another network', { because })];
}

function readOwn(path: string, text: string): readonly (OwnEntry | Fault)[] {
  const address = parseInterfaceAddress(text);
  if (address === undefined) {
    const requirement = 'be an address with the prefix length of its network, such as "10.99.0.11/24"';
    return [fault('InvalidAddress', path, text, requirement)];
  }
  return [{ path, text, address, network: networkOf(address) }];
}

function read(path: string, text: string): readonly (Entry | Fault)[] {
  const address = parseAddress(text);
  return [address === undefined ? fault('InvalidAddress', path, text, 'be an IP address') : { path, text, address }];
}

function isFault(value: Entry | Fault): value is Fault {
  return 'code' in value;
}

function isEntry(value: Entry | Fault): value is Entry {
  return !isFault(value);
}

function isOwn(value: OwnEntry | Fault): value is OwnEntry {
  return !isFault(value);
}

function ownFaults(entry: OwnEntry, all: readonly OwnEntry[], network: GatewayNetwork): readonly Fault[] {
  const first = all.find(({ address }) => address.family === entry.address.family) ?? entry;
  if (formatCidr(first.network) !== formatCidr(entry.network)) {
    const requirement = `lie in ${quote(formatCidr(first.network))}, as \`${first.path}\` does`;
    return [fault('InvalidAddress', entry.path, entry.text, requirement)];
  }
  const subnet = subnetsOf(network).find(({ cidr }) => overlaps(cidr, entry.network));
  if (subnet !== undefined) {
    const because = 'clients would look for an address in both among themselves';
    const requirement = `lie in a network that does not overlap \`${subnet.path}\`, which is ${quote(subnet.text)}`;
    return [refusal('Overlap', entry.path, entry.text, requirement, { because })];
  }
  return [...unservedFault(entry, network), ...hostFaults(entry, entry.network)];
}

/** A next hop or an address that clients share. An IPv6 router is often known by its link-local address only. */
function placeFaults(entry: Entry, own: readonly OwnEntry[], network: GatewayNetwork): readonly Fault[] {
  const unserved = unservedFault(entry, network);
  if (unserved.length > 0) return unserved;
  const home = own.find(({ address }) => address.family === entry.address.family)?.network;
  const isLinkLocal = entry.address.family === 'IPv6' && isIn(LINK_LOCAL, entry.address);
  if (home === undefined || (entry.path.startsWith(`${PATH}.gateways`) && isLinkLocal)) return [];
  if (containsAddress(home, entry.address)) return hostFaults(entry, home);
  const because = 'that is where the routers are';
  return [fault('InvalidAddress', entry.path, entry.text, `lie in ${quote(formatCidr(home))}`, { because })];
}

function unservedFault({ path, text, address }: Entry, network: GatewayNetwork): readonly Fault[] {
  if (familiesOf(network).includes(address.family)) return [];
  const because = `\`spec.subnets\` has no ${address.family} subnet`;
  return [refusal('InvalidAddress', path, text, 'be removed', { because })];
}

/**
 * The first address names the network (RFC 4291, section 2.6.1), and the last of IPv4 is for broadcasts, but in the
 * smallest networks (RFC 3021).
 */
function hostFaults({ path, text, address }: Entry, network: Cidr): readonly Fault[] {
  if (ADDRESS_BITS[address.family] - network.length < 2) return [];
  const isLast = address.family === 'IPv4' && address.value === lastOf(network);
  if (address.value !== firstOf(network) && !isLast) return [];
  const because = `this is the ${isLast ? 'last' : 'first'} address of ${formatCidr(network)}`;
  return [fault('InvalidAddress', path, text, 'be a host address', { because })];
}

/** There is at most one of each family. */
function seconds(entries: readonly Entry[]): readonly Fault[] {
  return entries.flatMap((entry, index) => {
    const first = entries.slice(0, index).find(({ address }) => address.family === entry.address.family);
    if (first === undefined) return [];
    const requirement = `be removed or be of another IP family than \`${first.path}\``;
    return [fault('InvalidAddress', entry.path, entry.text, requirement)];
  });
}

function duplicates(entries: readonly Entry[]): readonly Fault[] {
  return entries.flatMap((entry, index) => {
    const first = entries.slice(0, index).find(({ address }) => isSame(address, entry.address));
    if (first === undefined) return [];
    return [refusal('InvalidAddress', entry.path, entry.text, `be another address than \`${first.path}\``)];
  });
}

/** A family with a subnet needs an address and a next hop, else its traffic could not leave. */
function countFaults(own: readonly Entry[], next: readonly Entry[], network: GatewayNetwork): readonly Fault[] {
  const replicas = network.spec.gateway?.replicas ?? 1;
  return familiesOf(network).flatMap((family) => {
    const has = (entries: readonly Entry[]) => entries.filter(({ address }) => address.family === family).length;
    const because = `\`spec.subnets\` has an ${family} subnet`;
    const routers = replicas === 1 ? `an ${family} address` : `${replicas} ${family} addresses, one for each router`;
    return [
      ...(has(own) === replicas ? [] : [missing('addresses', `have ${routers}`, has(own), because)]),
      ...(has(next) > 0 ? [] : [missing('gateways', `have an ${family} address`, 0, because)]),
    ];
  });
}

function missing(field: 'addresses' | 'gateways', requirement: string, count: number, because: string): Fault {
  const instead = count === 0 ? 'none' : `${count}`;
  const path = `${PATH}.${field}`;
  return { code: 'InvalidAddress', path, message: `\`${path}\` must ${requirement}, and has ${instead}: ${because}` };
}

function familiesOf(network: GatewayNetwork): readonly Family[] {
  const subnets = subnetsOf(network);
  return FAMILIES.filter((family) => subnets.some(({ cidr }) => cidr.family === family));
}
