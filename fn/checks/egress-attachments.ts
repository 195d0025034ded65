import { type Fields, fieldsOf } from '../yaml/fields.ts';
import type { Input } from '../krm/input.ts';
import { identityOf, type Item, ItemUnreadable, valueOf } from '../krm/item.ts';
import { formatAddress } from '../net/address.ts';
import type { Problem } from '../krm/problem.ts';
import type { EgressPlan } from '../plan/gateway-plan.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';

const KIND = 'NetworkAttachmentDefinition';
const GROUP = 'k8s.cni.cncf.io/';
const PATH = 'spec.gateway.egress.network';

type Network = EgressPlan & { readonly type: 'Network' };

/** A network with an egress of type Network. */
interface Leaving {
  readonly plan: NetworkPlan;
  readonly egress: Network;
  /** The attachment's CNI configuration; undefined where it is not in the input, or not to be read. */
  readonly config: Fields | undefined;
}

/**
 * Checks the attachments of egresses that are in the input. Routers configure their addresses themselves, so the
 * attachment must have no IPAM, and no two networks on one layer 2 may have the same address.
 */
export function checkEgressAttachments(input: Input, plans: readonly NetworkPlan[]): readonly Problem[] {
  const leaving = plans.flatMap((plan) =>
    plan.egress.type === 'Network' ? [{ plan, egress: plan.egress, config: configOf(input, plan.egress) }] : [],
  );
  return leaving.flatMap((one, index) => [...ipam(one, plans), ...sameAddress(one, leaving.slice(0, index))]);
}

function configOf({ items }: Input, { attachment }: Network): Fields | undefined {
  const item = items.find((one) => {
    const identity = identityOf(one);
    return (
      identity?.kind === KIND &&
      identity.apiVersion.startsWith(GROUP) &&
      identity.name === attachment.name &&
      identity.namespace === attachment.namespace
    );
  });
  return item && readConfig(item);
}

/** An unreadable configuration is Multus' to report. */
function readConfig(item: Item): Fields | undefined {
  try {
    const config: unknown = JSON.parse(String(fieldsOf(fieldsOf(valueOf(item))['spec'])['config']));
    return fieldsOf(config);
  } catch (error) {
    if (error instanceof ItemUnreadable || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function ipam({ plan, egress, config }: Leaving, plans: readonly NetworkPlan[]): readonly Problem[] {
  const { name, namespace } = egress.attachment;
  const owner = plans.find(
    (one) =>
      one.names.clientAttachment === name &&
      (one.namespace === namespace || one.attachmentNamespaces.includes(namespace)),
  );
  const whose = owner === undefined ? '' : `, which GatewayNetwork "${owner.label}" renders for its clients,`;
  const plugins = config === undefined ? [] : [config, ...list(config['plugins']).map(fieldsOf)];
  const type =
    owner?.ipam ?? plugins.map(({ ipam: given }) => fieldsOf(given)['type']).find((one) => one !== undefined);
  if (type === undefined) return [];
  const message =
    `\`${PATH}.attachment\` must have no IPAM: ${KIND} "${label(egress)}"${whose} assigns addresses with ${JSON.stringify(type)}, ` +
    `but the routers configure those of \`${PATH}.addresses\` themselves`;
  return [problem(plan, 'Unsupported', `${PATH}.attachment`, egress.attachment, message)];
}

/**
 * Compares attachments that are one network under different names, for example one for each namespace. Attachments of
 * the same name are compared by the API's rules.
 */
function sameAddress(one: Leaving, others: readonly Leaving[]): readonly Problem[] {
  const layer = layerOf(one.config);
  return others.flatMap(({ plan: other, egress, config }) => {
    if (layer === undefined || layer !== layerOf(config) || label(egress) === label(one.egress)) return [];
    const taken = new Set(addressesOf(other, egress));
    return addressesOf(one.plan, one.egress)
      .filter((address) => taken.has(address))
      .map((address) =>
        problem(
          one.plan,
          'Collision',
          PATH,
          address,
          `\`${PATH}\` must have no address that another network has: GatewayNetwork "${other.label}" has ${address} too, and ` +
            `${KIND}s "${label(one.egress)}" and "${label(egress)}" have the same configuration, so they are one network`,
        ),
      );
  });
}

/** Identifies the layer 2: the configuration without its name and version. */
function layerOf(config: Fields | undefined): string | undefined {
  if (config === undefined) return undefined;
  const { name: _, cniVersion: __, ...rest } = config;
  return JSON.stringify(sorted(rest));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, sorted(inner)]);
}

function addressesOf({ routers }: NetworkPlan, { snatAddresses }: Network): readonly string[] {
  const all = [...routers.flatMap(({ egressAddresses }) => egressAddresses), ...snatAddresses];
  return [...new Set(all.map(formatAddress))];
}

function label({ attachment: { name, namespace } }: Network): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

function problem(
  { ref, file }: NetworkPlan,
  code: Problem['code'],
  path: string,
  currentValue: unknown,
  message: string,
): Problem {
  return { code, severity: 'error', message, ref, ...(file && { file }), field: { path, currentValue } };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
