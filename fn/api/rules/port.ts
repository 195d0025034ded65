import { refusal } from '../fault.ts';
import { DEFAULTS } from '../generated/fields.ts';
import type { Rule } from './rule.ts';

const PATH = 'spec.overlay.port';

/** Default UDP ports of CNIs' overlays. */
const TAKEN: Readonly<Record<number, string>> = {
  4789: 'Calico and Open vSwitch (the VXLAN port of IANA)',
  6081: 'OVN-Kubernetes and Antrea (the Geneve port of IANA)',
  8472: 'flannel and Cilium',
};

/** The port is not the one of a CNI's own overlay. Networks may share one: the VNI tells their packets apart. */
export const port: Rule = {
  reads: [PATH],
  checkNetwork: ({ spec }) => {
    const value = spec.overlay?.port;
    const owner = value === undefined ? undefined : TAKEN[value];
    if (owner === undefined) return [];
    const because = `this is the port of ${owner}`;
    return [refusal('Collision', PATH, value, 'not be 4789, 6081 or 8472', { because, proposed: DEFAULTS[PATH] })];
  },
};
