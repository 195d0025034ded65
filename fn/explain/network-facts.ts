import type { Manifest } from '../changes/manifest.ts';
import { nameOf } from '../changes/manifest.ts';
import { type Address, parseAddress } from '../net/address.ts';
import { type Cidr, parseCidr } from '../net/cidr.ts';
import { AGENT_CONFIG, type AgentConfig } from '../node/config/agent-config.ts';
import { ROUTER_CONFIG, type RouterConfig } from '../node/config/router-config.ts';
import { Misfit, type Shape } from '../node/config/shape.ts';
import { configMapOf } from '../status/member.ts';
import { componentOf, labelOf, type NetworkId, ownedBy, ownerOf } from '../status/owner.ts';
import { fieldsOf, listOf, textOf } from '../yaml/fields.ts';
import { type Chains, readChains } from './rules.ts';

/** A route that an attachment gives to a pod; without a gateway nothing answers on it. */
export interface AttachedRoute {
  readonly destination: Cidr;
  readonly gateway?: Address;
}

/** An attachment by which pods join a network. */
export interface Attachment {
  /** `namespace/name`. */
  readonly name: string;
  readonly routes: readonly AttachedRoute[];
  /** The addresses that it gives, where it gives no others. */
  readonly fixed: readonly Address[];
}

/** What is decided about packets of a network's clients, by the objects that are rendered for it. */
export interface NetworkFacts {
  readonly label: string;
  readonly attachments: readonly Attachment[];
  /** What the nodes are told; nothing where another operator keeps them. */
  readonly agent?: { readonly config: AgentConfig; readonly rules: string };
  readonly router?: { readonly config: RouterConfig; readonly chains: Chains };
  /** Why what agents or routers are told cannot be read: it is of another release, or was changed. */
  readonly unreadable?: string;
}

/** @throws {@link Unreadable} */
export function requireReadable({ unreadable }: NetworkFacts): void {
  if (unreadable !== undefined) throw new Unreadable(unreadable);
}

/** That a network cannot be read. */
export class Unreadable extends Error {}

/** The facts of each network that has objects, by namespace and name. */
export function factsOf(manifests: readonly Manifest[]): readonly NetworkFacts[] {
  const owners = manifests.filter((one) => componentOf(one) !== undefined).map(ownerOf);
  const networks = new Map(owners.filter(({ name }) => name !== '').map((owner) => [labelOf(owner), owner]));
  return [...networks.keys()].toSorted().flatMap((key) => {
    const network = networks.get(key);
    return network === undefined ? [] : [factsOfOne(network, manifests)];
  });
}

function factsOfOne(network: NetworkId, manifests: readonly Manifest[]): NetworkFacts {
  const own = ownedBy(network, manifests);
  const attachments = own.filter((one) => one.kind === 'NetworkAttachmentDefinition' && componentOf(one) === 'network');
  return {
    label: labelOf(network).replace(/^\//, ''),
    attachments: attachments.map(attachmentOf),
    ...programsOf(network, own),
  };
}

function programsOf(
  network: NetworkId,
  own: readonly Manifest[],
): Pick<NetworkFacts, 'agent' | 'router' | 'unreadable'> {
  try {
    const agent = dataOf(network, own, 'DaemonSet', AGENT_CONFIG);
    const router = dataOf(network, own, 'Deployment', ROUTER_CONFIG);
    return {
      ...(agent && { agent }),
      ...(router && { router: { config: router.config, chains: readChains(router.rules, 'inet gateway') } }),
    };
  } catch (error) {
    if (error instanceof Unreadable) return { unreadable: error.message };
    throw error;
  }
}

/** The data of the first object of a kind that has pods: what its template names; nothing where there is none. */
function dataOf<T>(network: NetworkId, own: readonly Manifest[], kind: string, shape: Shape<T>) {
  const object = own.find((one) => one.kind === kind);
  if (object === undefined) return undefined;
  const name = configMapOf(object.spec?.template?.spec);
  const found = own.find((one) => one.kind === 'ConfigMap' && one.metadata.name === name);
  try {
    const config = shape.check(parsed(found?.data?.['config.json']), 'config.json: ');
    return { config, rules: textOf(found?.data?.['rules.nft']) };
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const reason = found === undefined ? `the ConfigMap ${name} is not there` : error.message;
    throw new Unreadable(
      `the network ${labelOf(network)} cannot be read: ${reason}; apply all manifests, or take the release that it is of`,
    );
  }
}

function attachmentOf({ metadata, spec }: Manifest): Attachment {
  const { ipam } =
    listOf(fieldsOf(parsed(spec?.config))['plugins']).find((plugin) => plugin['ipam'] !== undefined) ?? {};
  const { ipRanges, ranges, routes } = fieldsOf(ipam);
  const ends = [
    ...listOf(ipRanges).map(({ range_start: start, range_end: end }) => [start, end] as const),
    ...(Array.isArray(ranges) ? ranges.flatMap(listOf) : []).map(({ rangeStart, rangeEnd }) => [rangeStart, rangeEnd]),
  ];
  return {
    name: nameOf(metadata),
    routes: listOf(routes).flatMap(({ dst, gw }) => {
      const [destination, gateway] = [parseCidr(textOf(dst)), parseAddress(textOf(gw))];
      return destination === undefined ? [] : [{ destination, ...(gateway && { gateway }) }];
    }),
    fixed: ends.flatMap(([start, end]) => (start === end ? (parseAddress(textOf(start)) ?? []) : [])),
  };
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(textOf(text));
  } catch {
    return undefined;
  }
}
