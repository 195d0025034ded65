import type { Address } from '../../net/address.ts';
import type { Attachments } from '../config/agent-config.ts';
import type { Attachment } from './attachment.ts';
import { claimOf, given, type GivenAddress, isMac, keyOf, type Network, networkOf } from './claims.ts';
import type { Link } from './link.ts';

/** What a port is held to. */
export interface Identity {
  readonly port: string;
  /** The attachment that it was made by. */
  readonly network: string;
  readonly isRouter: boolean;
  readonly mac: string;
  /** Of a router: the MAC address that it asks with whether another has its addresses, before it takes them. */
  readonly asksWith?: string | undefined;
  readonly addresses: readonly GivenAddress[];
}

/** Whose each port is. */
export interface Judgement {
  /** In the order of the ports. */
  readonly bound: readonly Identity[];
  readonly refused: readonly { readonly port: string; readonly reason: string }[];
  /** Those that no attachment names. */
  readonly waiting: readonly string[];
  /** Those of pods that are attached as a router, bound or not. */
  readonly routers: ReadonlySet<string>;
}

/** What a port may be, or why it is closed. */
type Verdict = Omit<Identity, 'port' | 'network'> | string;

/** What the ports before have; a node may have hundreds. */
class Taken {
  readonly networks = new Set<string>();
  readonly macs = new Set<string>();
  private readonly addresses = new Set<string>();

  add({ network, mac, addresses }: Identity): void {
    this.networks.add(network);
    this.macs.add(mac);
    for (const address of addresses) this.addresses.add(keyOf(address));
  }

  has(address: Address): boolean {
    return this.addresses.has(keyOf(address));
  }
}

/** Whose the ports are, by what CNI plugins have given to pods. The older of two that have the same is right. */
export function judge(
  attachmentsOfNetwork: Attachments,
  namespace: string,
  ports: readonly Link[],
  attachments: readonly Attachment[],
): Judgement {
  const network = networkOf(attachmentsOfNetwork);
  const bound: Identity[] = [];
  const refused: { port: string; reason: string }[] = [];
  const waiting: string[] = [];
  const routers = new Set<string>();
  const taken = new Taken();
  const named = byPort(attachments);
  for (const { name: port, mac } of ports.toSorted((a, b) => a.index - b.index)) {
    const attachment = attachmentOf(port, mac, named.get(port) ?? []);
    if (attachment !== undefined && network.known.routers.has(attachment.network)) routers.add(port);
    if (!/^[A-Za-z0-9._-]+$/.test(port)) {
      refused.push({ port: port.replaceAll(/[^A-Za-z0-9._-]/gu, '?'), reason: 'its name cannot be told' });
    } else if (attachment === undefined) {
      waiting.push(port);
    } else {
      const verdict = identify(network, namespace, attachment, taken);
      if (typeof verdict === 'string') {
        refused.push({ port, reason: `${attachment.pod}: ${verdict}` });
      } else {
        const identity = { ...verdict, port, network: attachment.network };
        bound.push(identity);
        taken.add(identity);
      }
    }
  }
  const told = ({ port, reason }: { port: string; reason: string }) => `${port} ${reason}`;
  return {
    bound,
    refused: refused.toSorted((a, b) => (told(a) < told(b) ? -1 : 1)),
    waiting: waiting.toSorted(),
    routers,
  };
}

function byPort(attachments: readonly Attachment[]): ReadonlyMap<string, readonly Attachment[]> {
  const named = new Map<string, Attachment[]>();
  for (const attachment of attachments) {
    for (const { name } of attachment.ports) {
      const before = named.get(name);
      if (before === undefined) named.set(name, [attachment]);
      else before.push(attachment);
    }
  }
  return named;
}

/**
 * That of a port, of those that name it. A file may outlive its pod, and the port's name come again. The MAC address of
 * the node's end is another then.
 */
function attachmentOf(port: string, mac: string, named: readonly Attachment[]): Attachment | undefined {
  const exact = named.filter(({ ports }) => ports.some((each) => each.name === port && each.mac === mac));
  return exact.at(-1) ?? named.at(-1);
}

function identify(network: Network, namespace: string, attachment: Attachment, taken: Taken): Verdict {
  const router = network.known.routers.get(attachment.network);
  if (router === undefined) {
    return client(network, attachment, taken);
  }
  if (attachment.namespace !== namespace) {
    return `only pods of ${namespace} can be the router, by the attachment ${attachment.network}`;
  }
  if (taken.networks.has(attachment.network)) {
    return `another pod is the router of the attachment ${attachment.network} already`;
  }
  const texts = [...new Set([...router.addresses, ...network.gateways])].toSorted();
  const addresses = texts.flatMap((text) => given(text) ?? []);
  return { isRouter: true, mac: router.mac, asksWith: plainMac(network, attachment, taken), addresses };
}

/** The MAC address that the plugin has given to a router's pod, unless it is somebody's. */
function plainMac({ known }: Network, { isChosen, mac = '' }: Attachment, taken: Taken): string | undefined {
  const isTaken = known.routerMacs.has(mac) || taken.macs.has(mac);
  return isChosen || isTaken || !isMac(mac) ? undefined : mac;
}

function client(network: Network, attachment: Attachment, taken: Taken): Verdict {
  const { mac, addresses, fault, addressFault } = claimOf(network, attachment);
  if (fault !== undefined) return fault;
  if (taken.macs.has(mac)) return `it has the MAC address of another pod, ${mac}`;
  if (addressFault !== undefined) return addressFault;
  const double = addresses.find((address) => taken.has(address));
  if (double) return `its address ${double.text} is that of another pod`;
  return { isRouter: false, mac, addresses };
}
