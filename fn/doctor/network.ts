import type { V1DaemonSet, V1Deployment, V1PodSpec } from '@kubernetes/client-node';
import type { Manifest } from '../cluster/facts.ts';
import { NETWORK_LABEL } from '../marks.ts';
import { type Cidr, parseCidr } from '../net/cidr.ts';
import { AGENT_CONFIG, type AgentConfig } from '../node/config/agent-config.ts';
import { ROUTER_CONFIG, type RouterConfig } from '../node/config/router-config.ts';
import { Misfit, type Shape } from '../node/config/shape.ts';
import { configMapOf } from '../status/member.ts';
import { componentOf, labelOf, type NetworkId, ownedBy, ownerOf } from '../status/owner.ts';
import { fieldsOf, listOf } from '../yaml/fields.ts';
import { ofKind } from './kinds.ts';

/** A network as its objects tell it, whether they are rendered from the input or are in the cluster. */
export interface Network {
  readonly id: NetworkId;
  /** `namespace/name`. */
  readonly label: string;
  /** Its objects, of all kinds. */
  readonly objects: readonly Manifest[];
  /** Nothing where another operator keeps the nodes. */
  readonly agents: V1DaemonSet | undefined;
  readonly routers: readonly V1Deployment[];
  /** What its programs read; nothing where that is of another release. */
  readonly agentConfig: AgentConfig | undefined;
  readonly routerConfig: RouterConfig | undefined;
  readonly subnets: readonly Cidr[];
  /** The CNI plugins of its attachments. */
  readonly plugins: readonly Plugin[];
}

/** A plugin of a CNI configuration, with the fields that are looked at. */
export interface Plugin {
  readonly type?: string;
  readonly ipam: { readonly type?: string };
  readonly sysctl: Readonly<Record<string, unknown>>;
}

/** The networks that objects belong to, by namespace and name. */
export function networksOf(objects: readonly Manifest[]): readonly Network[] {
  const owned = objects.filter((one) => one.metadata?.labels?.[NETWORK_LABEL] !== undefined);
  const byLabel = new Map(owned.filter(componentOf).map((one) => [labelOf(ownerOf(one)), ownerOf(one)]));
  return [...byLabel.values()]
    .toSorted((one, other) => labelOf(one).localeCompare(labelOf(other)))
    .map((id) => networkOf(id, ownedBy(id, owned)));
}

function networkOf(id: NetworkId, objects: readonly Manifest[]): Network {
  const [agents] = ofKind(objects, 'DaemonSet');
  const routers = ofKind(objects, 'Deployment').filter((one) => componentOf(one) === 'router');
  const routerConfig = configOf(ROUTER_CONFIG, routers[0]?.spec?.template.spec, objects);
  return {
    id,
    label: labelOf(id),
    objects,
    agents,
    routers,
    agentConfig: configOf(AGENT_CONFIG, agents?.spec?.template.spec, objects),
    routerConfig,
    subnets: (routerConfig?.subnets ?? []).flatMap((text) => parseCidr(text) ?? []),
    plugins: ofKind(objects, 'NetworkAttachmentDefinition').flatMap(({ spec }) => pluginsOf(spec?.config)),
  };
}

function pluginsOf(config: string | undefined): readonly Plugin[] {
  return listOf(fieldsOf(jsonOf(config))['plugins']).map(({ type, ipam, sysctl }) => {
    const { type: source } = fieldsOf(ipam);
    return {
      ...(typeof type === 'string' && { type }),
      ipam: typeof source === 'string' ? { type: source } : {},
      sysctl: fieldsOf(sysctl),
    };
  });
}

/** What the ConfigMap of a pod holds for its programs. */
function configOf<T>(shape: Shape<T>, pod: V1PodSpec | undefined, objects: readonly Manifest[]): T | undefined {
  const name = configMapOf(pod);
  const found = ofKind(objects, 'ConfigMap').find(({ metadata }) => metadata?.name === name);
  try {
    return shape.check(jsonOf(found?.data?.['config.json']), 'config.json: ');
  } catch (error) {
    if (error instanceof Misfit) return undefined;
    throw error;
  }
}

/** What a text of JSON holds; nothing where it is none. */
export function jsonOf(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** The pods of its agents and routers. */
export function podsOf({ agents, routers }: Network): readonly V1PodSpec[] {
  return [...(agents === undefined ? [] : [agents]), ...routers].flatMap(({ spec }) => spec?.template.spec ?? []);
}
