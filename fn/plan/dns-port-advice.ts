import type { Problem } from '../krm/problem.ts';
import type { NetworkPlan } from './network-plan.ts';

const ENV = 'spec.gateway.egress.vpn.container.spec.env';

/** The settings that disable gluetun's DNS server, and how it spells "no". */
const OLD_SWITCH = 'DOT';
const SWITCH = 'DNS_SERVER';
const NO = /^(?:off|no|false|disabled|0)$/i;

/**
 * All containers of a pod share its ports. gluetun runs a DNS server on port 53 unless it is disabled, and then
 * either that or our resolver does not work. For other programs the resolver's probe reports the conflict.
 */
export function dnsPortAdvice(plan: NetworkPlan): readonly Problem[] {
  const { egress, resolver, ref, file } = plan;
  if (resolver.type === 'None' || egress.type !== 'VPN' || egress.tunnel.type !== 'Container') return [];
  const { env, ...container } = egress.tunnel.container;
  const image = typeof container['image'] === 'string' ? container['image'] : '';
  const version = versionOfGluetun(image);
  if (version === undefined) return [];
  const switches = version === 'old' ? [OLD_SWITCH] : [SWITCH, OLD_SWITCH];
  if (entries(env).some(({ name, value }) => switches.includes(String(name)) && isOff(value))) return [];
  const setting = `{name: ${version === 'old' ? OLD_SWITCH : SWITCH}, value: "off"}`;
  const message =
    `\`${ENV}\` must have ${setting}: \`spec.clients[].dns\` is "Gateway", and gluetun (${JSON.stringify(image)}) runs a DNS server ` +
    'of its own on port 53 of the pod, which the resolver needs; as long as both use it, one of the two is not ready';
  return [{ code: 'Advice', severity: 'warning', message, ref, ...(file && { file }), field: { path: ENV } }];
}

/** Up to v3.40 gluetun has only the old switch. Undefined for another program. */
function versionOfGluetun(image: string): 'old' | 'new' | undefined {
  const found = /gluetun[^/:@]*(?::v?(\d+)\.(\d+))?[^/]*$/i.exec(image);
  if (!found) return undefined;
  const [, major, minor] = found;
  return Number(major) < 3 || (Number(major) === 3 && Number(minor) <= 40) ? 'old' : 'new';
}

/** A value from elsewhere (`valueFrom`) is not known. */
function isOff(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && NO.test(value.trim()));
}

function entries(env: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(env) ? env.filter((entry) => typeof entry === 'object' && entry !== null) : [];
}
