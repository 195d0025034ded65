import type { NetworkPlan } from '../plan/network-plan.ts';
import { bridgeRules } from './bridge-rules.ts';

/**
 * The nftables rules of a node, as `nft -f` takes them: replaced as a whole and at once (add, delete, define).
 * - `notrack` keeps the network out of every CNI's source NAT and of kube-proxy's destination NAT,
 * which bridged packets meet
 *   when br_netfilter is on.
 * - The node neither answers on the network nor routes for it, else clients could bypass the gateway through the node.
 */
export function nodeRules(plan: NetworkPlan): string {
  const { bridge, entry, agent, names } = plan;
  const either = `{ "${bridge}", "${entry}" }`;
  const table = names.nodeTable;
  const untracked = agent.type === 'DaemonSet' && agent.snatExemption.type === 'NoTrack';
  return `add table inet ${table}
delete table inet ${table}
table inet ${table} {
${untracked ? prerouting(bridge) : ''}\
	chain input {
		type filter hook input priority filter - 10; policy accept;
		iifname ${either} counter drop comment "to-node"
	}
	chain forward {
		type filter hook forward priority filter - 10; policy accept;
		iifname "${bridge}" oifname != "${bridge}" counter drop comment "out-through-node"
		iifname != "${bridge}" oifname "${bridge}" counter drop comment "in-through-node"
		iifname "${entry}" counter drop comment "pod-not-admitted"
		oifname "${entry}" counter drop comment "pod-not-admitted"
	}
}
add table arp ${table}
delete table arp ${table}
table arp ${table} {
	chain input {
		type filter hook input priority filter; policy accept;
		iifname ${either} counter drop comment "arp-to-node"
	}
}
${bridgeRules(plan)}`;
}

function prerouting(bridge: string): string {
  return `\
	chain prerouting {
		type filter hook prerouting priority raw; policy accept;
		iifname "${bridge}" notrack comment "exempt from SNAT of the CNI and from kube-proxy"
	}
`;
}
