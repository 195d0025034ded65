import type { Manifest } from '../changes/manifest.ts';
import { nameOf } from '../changes/manifest.ts';
import { type Address, parseAddress } from '../net/address.ts';
import { type Cidr, parseCidr } from '../net/cidr.ts';
import type { AgentConfig } from '../node/config/agent-config.ts';
import type { RouterConfig } from '../node/config/router-config.ts';
import { configMapOf } from '../status/member.ts';
import { componentOf, labelOf, type NetworkId, ownedBy, ownerOf } from '../status/owner.ts';
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
}

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
  const [agent, router] = [dataOf(own, 'DaemonSet'), dataOf(own, 'Deployment')];
  const attachments = own.filter((one) => one.kind === 'NetworkAttachmentDefinition' && componentOf(one) === 'network');
  return {
    label: labelOf(network).replace(/^\//, ''),
    attachments: attachments.map(attachmentOf),
    ...(agent && { agent: { config: agent.config as AgentConfig, rules: agent.rules } }),
    ...(router && {
      router: { config: router.config as RouterConfig, chains: readChains(router.rules, 'inet gateway') },
    }),
  };
}

/** The data of the first object of a kind that has pods: what its template names. */
function dataOf(own: readonly Manifest[], kind: string) {
  const object = own.find((one) => one.kind === kind);
  const name = configMapOf(object?.spec?.template?.spec);
  const data = own.find((one) => one.kind === 'ConfigMap' && one.metadata.name === name)?.data;
  const config = data?.['config.json'];
  return config === undefined ? undefined : { config: JSON.parse(config) as unknown, rules: data?.['rules.nft'] ?? '' };
}

/** What is read of a CNI configuration of ours. */
interface CNIConfiguration {
  readonly plugins: readonly { readonly ipam?: IPAM }[];
}

interface IPAM {
  readonly routes?: readonly { readonly dst: string; readonly gw?: string }[];
  readonly ipRanges?: readonly { readonly range_start?: string; readonly range_end?: string }[];
  readonly ranges?: readonly (readonly { readonly rangeStart?: string; readonly rangeEnd?: string }[])[];
}

function attachmentOf({ metadata, spec }: Manifest): Attachment {
  const { plugins } = JSON.parse(spec?.config ?? '{"plugins": []}') as CNIConfiguration;
  const ipam = plugins.find((plugin) => plugin.ipam !== undefined)?.ipam ?? {};
  const ends = [
    ...(ipam.ipRanges ?? []).map(({ range_start: start, range_end: end }) => [start, end] as const),
    ...(ipam.ranges ?? []).flat().map(({ rangeStart: start, rangeEnd: end }) => [start, end] as const),
  ];
  return {
    name: nameOf(metadata),
    routes: (ipam.routes ?? []).flatMap(({ dst, gw }) => {
      const [destination, gateway] = [parseCidr(dst), gw === undefined ? undefined : parseAddress(gw)];
      return destination === undefined ? [] : [{ destination, ...(gateway && { gateway }) }];
    }),
    fixed: ends.flatMap(([start = '', end]) => (start === end ? (parseAddress(start) ?? []) : [])),
  };
}
