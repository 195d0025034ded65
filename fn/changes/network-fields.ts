import { type FieldEffect, field } from './field-effect.ts';

/** The fields of the network and its nodes, in the order of docs/reference.md. */
export const NETWORK_FIELDS: readonly FieldEffect[] = [
  field(
    'spec.subnets',
    ['live', 'replaced', 'rolled'],
    'all clients and routers get other addresses: connections end. Pods of before are on no network ' +
      'that the routers know',
  ),
  field(
    'spec.gatewayAddresses',
    ['live', 'replaced', 'rolled'],
    'end, after 1.7 s. Clients of before find the gateway for as long as their neighbour entry of it lives',
  ),
  field(
    'spec.reserved',
    ['live', 'none', 'restart'],
    'addresses that pods have stay theirs; new pods get none of these',
  ),
  field(
    'spec.mtu',
    ['live', 'live', 'restart'],
    'go on: routers follow at once. TCP of older clients fits whatever theirs is; larger packets of ' +
      'theirs are lost where it is lower now',
  ),
  field(
    'spec.unservedFamily',
    ['live', 'none', 'rolled'],
    'of that family to what is outside: end, at the node, unless it is `Bypass` now. New pods have the other routes',
  ),
  field('spec.clientIsolation', ['live', 'none', 'none'], 'by the gateway: go on; between clients: end, or may begin'),
  field(
    'spec.overlay.vni',
    ['rolled', 'none', 'none'],
    'go on. Nodes that are rolled do not hear those that are not: 0.4 s on two nodes, longer on many',
  ),
  field(
    'spec.overlay.port',
    ['rolled', 'none', 'none'],
    'go on. Nodes that are rolled do not hear those that are not: 0.5 s',
  ),
  field('spec.overlay.underlay.family', ['rolled', 'live', 'restart'], 'go on, as with another `vni`; the MTU follows'),
  field('spec.overlay.underlay.interface', ['rolled', 'none', 'none'], 'go on, where nodes reach each other by both'),
  field('spec.overlay.underlay.mtu', ['live', 'live', 'restart'], 'go on, as with another `spec.mtu`'),
  field('spec.overlay.flooding.type', ['rolled', 'none', 'none'], 'go on, as with another `vni`'),
  field('spec.overlay.flooding.unicast.peers', ['live', 'none', 'none'], 'go on'),
  field('spec.overlay.flooding.multicast.group', ['rolled', 'none', 'none'], 'go on, as with another `vni`'),
  field('spec.overlay.flooding.multicast.ttl', ['live', 'none', 'none'], 'go on'),
  field(
    'spec.interfaces.bridge',
    ['rolled', 'replaced', 'none'],
    'end, as the router is replaced. The pods of a node are moved to the new bridge: 0.7 s in all',
  ),
  field('spec.interfaces.vxlan', ['rolled', 'none', 'none'], 'go on, after 0.2 s'),
  field(
    'spec.nodes.selector',
    ['rolled', 'replaced', 'none'],
    'of nodes that leave: end. Routers get the same constraint',
  ),
  field('spec.nodes.tolerations', ['rolled', 'none', 'none'], 'go on'),
  field(
    'spec.agent.type',
    ['removed', 'replaced', 'rolled'],
    'end, as the routers are replaced: 0.6 s. The agents go, and their rules with them',
  ),
  field('spec.agent.daemonSet.resources', ['rolled', 'none', 'none'], 'go on'),
  field('spec.agent.daemonSet.priorityClassName', ['rolled', 'none', 'none'], 'go on'),
  field(
    'spec.agent.daemonSet.cniDir',
    ['rolled', 'none', 'none'],
    "go on. In a directory without Multus' files the first new agent is not ready, and the roll stops there",
  ),
  field('spec.agent.daemonSet.metrics.type', ['rolled', 'none', 'none'], 'go on'),
  field('spec.agent.daemonSet.metrics.textfile.directory', ['rolled', 'none', 'none'], 'go on'),
  field(
    'spec.nodeRules.snatExemption.type',
    ['live', 'none', 'none'],
    'go on where the CNI has the chain; where it has not, its source NAT applies, and they end',
  ),
  field('spec.nodeRules.snatExemption.chainReturn.chain', ['live', 'none', 'none'], 'go on'),
  field('spec.nodeRules.iptablesLegacy', ['rolled', 'none', 'none'], 'go on'),
  field(
    'spec.cluster.cidrs',
    ['live', 'live', 'rolled'],
    "to networks that are the cluster's now: end, at the router; to those that are not any more: end, at the node. " +
      'New pods have the other routes',
  ),
  field('spec.cluster.dataplane', ['none', 'none', 'rolled'], 'end with the pod'),
];
