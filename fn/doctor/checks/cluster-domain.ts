import { type Check, error, type Observed, ok, unknown } from '../check.ts';
import { configMap } from '../config-maps.ts';
import type { Network } from '../network.ts';
import type { Subject } from '../subject.ts';

const COREFILES = ['coredns', 'rke2-coredns-rke2-coredns'];

/** Whether the name by which agents find each other is one of the cluster's. */
export const clusterDomain: Check = {
  name: 'cluster-domain',
  why: 'agents find the other nodes by a name of the cluster: where it does not resolve, clients reach only routers on their node',
  anchor: 'the-clusters-domain-is-another',
  examine: (subject) =>
    subject.networks.flatMap((one) => {
      const domain = domainOf(one);
      return domain === undefined ? [] : [{ ...servedIn(domain, subject), network: one.label }];
    }),
};

function domainOf({ agentConfig }: Network): string | undefined {
  const flooding = agentConfig?.overlay?.flooding;
  return flooding?.type === 'Discovered' ? /\.svc\.(.+?)\.?$/.exec(flooding.service)?.[1] : undefined;
}

/** The zones of the plugin `kubernetes` (CoreDNS, "kubernetes"), which is followed by them. */
function servedIn(domain: string, { facts }: Subject): Observed {
  if ('unseen' in facts.configMaps) return unknown(`ConfigMaps cannot be seen: ${facts.configMaps.unseen}`);
  const corefile = COREFILES.flatMap((name) => configMap(facts, name)?.data?.['Corefile'] ?? [])[0];
  const zones = [...(corefile ?? '').matchAll(/^\s*kubernetes\s+([^{\n]+)/gm)].flatMap(([, words = '']) =>
    words.trim().split(/\s+/),
  );
  if (zones.length === 0) return unknown('the domain of the cluster is not told by a Corefile of CoreDNS');
  if (zones.includes(domain)) return ok(`CoreDNS serves ${domain}`);
  const others = zones.filter((zone) => !zone.endsWith('.arpa'));
  return error(
    `names end with ${domain}, and CoreDNS serves ${others.join(', ')}`,
    'set `spec.gateway.dns.clusterDomain`',
  );
}
