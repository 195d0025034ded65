import type { Family } from '../../net/address.ts';
import type { Change } from '../change.ts';
import { EGRESS_MARK } from '../config/packets.ts';
import { ofFamily, type Settings } from './settings.ts';

// The way out where that is not the pod's primary network: a routing table of its own for what comes from the network,
// so that neither the routes of the pod nor those that a VPN's program makes decide about it.

/** The routing table of the way out. */
export const TABLE = '100';

/** What packets are looked up by, as `ip rule` has it. */
export interface Policy {
  readonly priority: number;
  /** Which packets. */
  readonly selector: string;
  readonly action: string;
}

const LOOKUP = `lookup ${TABLE}`;

const QUESTION = /^to \S+ ipproto (?:udp|tcp) dport 53$/;

/**
 * What our policies do and for which packets, by their priorities, which come before those that VPN programs make
 * (gluetun from 98 on), and before the main table (32766).
 */
const FORMS: Readonly<Record<number, { readonly action: string; readonly selector: RegExp }>> = {
  90: { action: 'lookup main', selector: /^to \S+$/ },
  91: { action: LOOKUP, selector: /^iif \S+$/ },
  92: { action: LOOKUP, selector: /^oif \S+$/ },
  93: { action: LOOKUP, selector: /^fwmark \S+$/ },
  94: { action: 'unreachable', selector: /^iif \S+$/ },
  95: { action: LOOKUP, selector: QUESTION },
  96: { action: 'unreachable', selector: QUESTION },
};

/** Reads those of what `ip -j -4 rule show` prints that have the form of ours. */
export function parsePolicies(text: string | undefined): readonly Policy[] {
  const rules = JSON.parse(text || '[]') as readonly Readonly<Record<string, string | number | null>>[];
  return rules.flatMap(({ priority, src, table, action, ...rest }) => {
    const policy = {
      priority: Number(priority),
      selector: selectorOf(rest),
      action: action === undefined ? `lookup ${table}` : String(action),
    };
    const form = FORMS[policy.priority];
    const isOurs = src === 'all' && form?.action === policy.action && form.selector.test(policy.selector);
    return isOurs ? [policy] : [];
  });
}

/** The words of `ip rule`, in the order in which we write them. */
function selectorOf({ dst, dstlen, ...rest }: Readonly<Record<string, string | number | null>>): string {
  const network = dstlen === undefined ? dst : `${dst}/${dstlen}`;
  const fields = Object.entries({ ...(dst !== undefined && { to: network }), ...rest });
  return fields.flatMap(([key, value]) => (says(key, value) ? [`${key} ${value}`] : [])).join(' ');
}

/**
 * Not what is said beside of an interface that is not there, and what newer releases of `ip` (6.15) say of whole ports.
 */
function says(key: string, value: string | number | null | undefined): boolean {
  return !key.endsWith('_detached') && key !== 'protocol' && !(key === 'dport_mask' && value === '0xffff');
}

/**
 * The policies of a family. What is to leave is looked up in the table and, where that has no route, nowhere else: that
 * comes first. So is what the kernel answers to what has come in from another network, which it looks up as its own but
 * with that mark.
 */
export function wantedPolicies({ config, egress, overlay, upstreams }: Settings, family: Family): readonly Policy[] {
  const policy = (priority: number, selector: string): Policy => ({
    priority,
    selector,
    action: FORMS[priority]?.action ?? '',
  });
  const questions = ofFamily(upstreams, family).flatMap((upstream) =>
    ['udp', 'tcp'].map((protocol) => `to ${upstream} ipproto ${protocol} dport 53`),
  );
  return [
    policy(94, `iif ${overlay}`),
    ...ofFamily(config.subnets, family).map((subnet) => policy(90, `to ${subnet}`)),
    policy(91, `iif ${overlay}`),
    policy(92, `oif ${egress}`),
    ...(config.egress.type === 'Network' ? [policy(93, `fwmark ${EGRESS_MARK}`)] : []),
    ...questions.flatMap((selector) => [policy(95, selector), policy(96, selector)]),
  ];
}

/** What is missing is added before what is left of another time is removed. */
export function policyChanges(family: Family, found: readonly Policy[], wanted: readonly Policy[]): readonly Change[] {
  const change = (verb: 'add' | 'del', { priority, selector, action }: Policy): Change => ({
    what: `${family}: ${selector}: ${action}${verb === 'add' ? '' : ' removed'}`,
    failure: `the routing rule '${selector} ${action}' cannot be ${verb === 'add' ? 'added' : 'removed'}`,
    command: ipRule(family, verb, `priority ${priority} ${selector} ${action}`),
  });
  return [
    ...without(wanted, found).map((policy) => change('add', policy)),
    ...without(found, wanted).map((policy) => change('del', policy)),
  ];
}

function ipRule(family: Family, verb: string, words: string): readonly string[] {
  return ['ip', `-${family.slice(-1)}`, 'rule', verb, ...words.split(' ')];
}

function without(some: readonly Policy[], others: readonly Policy[]): readonly Policy[] {
  const name = ({ priority, selector, action }: Policy) => `${priority} ${selector} ${action}`;
  const known = new Set(others.map(name));
  return some.filter((policy) => !known.has(name(policy)));
}
