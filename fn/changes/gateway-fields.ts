import { type FieldEffect, field } from './field-effect.ts';

/** The fields of the gateway, the clients and the images, in the order of docs/reference.md. */
export const GATEWAY_FIELDS: readonly FieldEffect[] = [
  field('spec.gateway.nodes.selector', ['none', 'replaced', 'none'], 'end: a router is replaced'),
  field('spec.gateway.nodes.tolerations', ['none', 'replaced', 'none'], 'end: a router is replaced'),
  field('spec.gateway.resources', ['none', 'replaced', 'none'], 'end: a router is replaced'),
  field('spec.gateway.priorityClassName', ['none', 'replaced', 'none'], 'end: a router is replaced'),
  field(
    'spec.gateway.replicas',
    ['live', 'live', 'none'],
    'go on, from two to three and back. From one to several and back, the addresses of the first ' +
      'change: its pod is replaced, and they end',
  ),
  field('spec.gateway.egress.type', ['none', 'replaced', 'none'], 'end: a router is replaced'),
  field('spec.gateway.egress.vpn.type', ['none', 'replaced', 'none'], 'end: a router is replaced'),
  field(
    'spec.gateway.egress.vpn.wireGuard.secretName',
    ['none', 'replaced', 'none'],
    'end, as with another tunnel. What is *in* the Secret is followed without a new pod',
  ),
  field('spec.gateway.egress.vpn.wireGuard.implementation', ['none', 'replaced', 'none'], 'end: a router is replaced'),
  field('spec.gateway.egress.vpn.container.interface', ['none', 'replaced', 'none'], 'end: a router is replaced'),
  field(
    'spec.gateway.egress.vpn.container.endpoints',
    ['none', 'live', 'none'],
    'go on; the tunnel, where its server is still among them',
  ),
  field('spec.gateway.egress.vpn.container.spec', ['none', 'replaced', 'none'], 'end: a router is replaced'),
  field('spec.gateway.egress.vpn.container.volumes', ['none', 'replaced', 'none'], 'end: a router is replaced'),
  field('spec.gateway.egress.network.attachment', ['none', 'replaced', 'none'], 'end: a router is replaced'),
  field('spec.gateway.egress.network.addresses', ['none', 'replaced', 'none'], 'end: a router is replaced'),
  field('spec.gateway.egress.network.gateways', ['none', 'live', 'none'], 'go on, by the other next hop'),
  field('spec.gateway.egress.network.snatAddresses', ['none', 'replaced', 'none'], 'end: a router is replaced'),
  field(
    'spec.gateway.healthCheck.addresses',
    ['none', 'live', 'none'],
    'go on. The first address, and taking out the last, replaces the routers: a sysctl changes',
  ),
  field(
    'spec.gateway.firewall.allow',
    ['none', 'live', 'none'],
    'those that are still allowed go on, without a packet lost; others end',
  ),
  field(
    'spec.gateway.firewall.deny',
    ['none', 'live', 'none'],
    'those that are still allowed go on, without a packet lost; others end',
  ),
  field('spec.gateway.portForwards', ['none', 'live', 'none'], 'those of a forward that stays go on'),
  field('spec.gateway.dns.upstreams', ['none', 'live', 'none'], 'go on; cached answers are forgotten'),
  field(
    'spec.gateway.dns.clusterDomain',
    ['rolled', 'live', 'rolled'],
    'go on; questions for names of the new domain are answered when clients are restarted',
  ),
  field('spec.clients', ['none', 'none', 'rolled'], 'of workloads that join or leave: their pods are replaced'),
  field(
    'spec.clients[].join',
    ['none', 'none', 'rolled'],
    'to `Admission`: of workloads in the input, whose pod templates lose what the function added',
  ),
  field('spec.clients[].attachment', ['none', 'none', 'rolled'], 'end with the pod'),
  field(
    'spec.clients[].dns',
    ['none', 'replaced', 'rolled'],
    'the first client of the resolver, and the last, adds or removes a container of the routers',
  ),
  field('spec.clients[].guard', ['none', 'none', 'rolled'], 'end with the pod'),
  field(
    'spec.clients[].networkPolicy',
    ['none', 'none', 'none'],
    'go on, unless they go outside by the primary interface',
  ),
  field('spec.clients[].preserveInbound', ['live', 'none', 'rolled'], 'end with the pod'),
  field('spec.clients[].addresses', ['live', 'none', 'rolled'], 'end with the pod'),
  field('spec.admissionCheck', ['none', 'none', 'none'], 'go on: pods that are there are not checked'),
  field(
    'spec.monitoring',
    ['rolled', 'replaced', 'none'],
    'end: a router is replaced, and counts from then on. Its labels alone change nothing of what runs',
  ),
  field('spec.ipam.type', ['none', 'none', 'restart'], 'addresses that pods have stay theirs'),
  field(
    'spec.images.node',
    ['rolled', 'replaced', 'rolled'],
    'agents: go on. Routers: as when a router is replaced. Of clients: end with the pod, unless all ' +
      'have `guard: Disabled`',
  ),
  field('spec.images.pullSecrets', ['rolled', 'replaced', 'none'], 'as with another `images.node`'),
];
