import { countOnWire, INTERNET } from '../datapath/bed/underlay.ts';
import type { Cluster } from './cluster.ts';
import { rendered } from './installation.ts';
import type { Node } from './node.ts';

/** Connects to the internet again and again, from the first moment of its pod on. */
const LOOP = `while :; do for a in ${INTERNET.IPv4} ${INTERNET.IPv6}; do nc -w 1 $a 8080 </dev/null; done; sleep 0.1; done`;

/** What an example is rendered to, its client's pods without the grace that they do not need. */
export function endingSoon(name: string, fields: Readonly<Record<string, unknown>> = {}): string {
  return replaced(rendered(name, fields), [
    [/automountServiceAccountToken: false/, 'terminationGracePeriodSeconds: 1\n      $&'],
  ]);
}

/** The same, its client on every node, and one that sends all the time. */
export function senders(name: string, fields: Readonly<Record<string, unknown>> = {}): string {
  const command = JSON.stringify(['sh', '-c', `(${LOOP}) >/dev/null 2>&1`]);
  return replaced(endingSoon(name, fields), [
    [/kind: Deployment(?=\nmetadata:\n {2}name: client\n)/, 'kind: DaemonSet'],
    [/ {2}replicas: 2\n(?= {2}selector:\n {4}matchLabels:\n {6}app: client\n)/, ''],
    [/command: \[ ?sleep, infinity ?\]/, `command: ${command}`],
  ]);
}

function replaced(text: string, replacements: readonly (readonly [RegExp, string])[]): string {
  return replacements.reduce((before, [pattern, replacement]) => {
    if (!pattern.test(before)) throw new Error(`${pattern} is not in the example`);
    return before.replace(pattern, replacement);
  }, text);
}

/**
 * Counts from now on what a node has sent to the internet that no router has forwarded. A pod's packets start with a
 * hop limit of 64, of which the node takes one, and a router another. What the cluster's name server asks is left out,
 * and what a node says of connections that it does not know: servers go on for minutes with those that were lost with a
 * node.
 */
export function countAround({ underlay }: Cluster, { number }: Node): () => number {
  const matches = ['ip daddr 203.0.113.0/24 ip ttl >= 63', 'ip6 daddr 2001:db8::/32 ip6 hoplimit >= 63'];
  return countOnWire(underlay, number, { matches, except: ['meta l4proto { tcp, udp } th dport 53', 'tcp flags rst'] });
}
