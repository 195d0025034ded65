import { cidrFaults } from '../cidr-faults.ts';
import { fault, refusal, type Fault } from '../fault.ts';
import { DNS_SUBDOMAIN, isDnsSubdomain } from '../kubernetes-name.ts';
import type { Rule } from './rule.ts';

const VPN = 'spec.gateway.egress.vpn';
const SECRET = `${VPN}.wireGuard.secretName`;
const INTERFACE = `${VPN}.container.interface`;
const ENDPOINTS = `${VPN}.container.endpoints`;

/** Interfaces that a router already has, and names with a special meaning in Linux. */
const TAKEN: Readonly<Record<string, string>> = {
  lo: 'this is the loopback interface',
  eth0: "this is the router's interface on the cluster's network, which only the tunnel's own packets may leave through",
  net1: "this is the router's interface on the network",
  net2: 'this is the interface of an egress of type "Network"',
  '.': 'it has a special meaning in Linux',
  '..': 'it has a special meaning in Linux',
  all: 'it has a special meaning in Linux',
  default: 'it has a special meaning in Linux',
};

/** The Secret's name is valid, the interface is used only by the tunnel, and the servers are CIDRs. */
export const vpn: Rule = {
  reads: [SECRET, INTERFACE, ENDPOINTS],
  checkNetwork: ({ spec }) => {
    const { wireGuard, container } = spec.gateway?.egress?.vpn ?? {};
    return [
      ...(wireGuard === undefined || isDnsSubdomain(wireGuard.secretName)
        ? []
        : [fault('InvalidName', SECRET, wireGuard.secretName, DNS_SUBDOMAIN)]),
      ...(container === undefined ? [] : interfaceFaults(container.interface)),
      ...(container?.endpoints ?? []).flatMap(({ cidrs = [] }, index) =>
        cidrs.flatMap((text, place) =>
          cidrFaults(
            `${ENDPOINTS}[${index}].cidrs[${place}]`,
            text,
            'be a network in CIDR notation, such as "198.51.100.0/24"',
          ),
        ),
      ),
    ];
  },
};

function interfaceFaults(name: string): readonly Fault[] {
  const because = TAKEN[name];
  return because === undefined ? [] : [refusal('InvalidName', INTERFACE, name, 'be another name', { because })];
}
