import { refusal } from '../fault.ts';
import { clashes, type Rule } from './rule.ts';

const PATH = 'spec.overlay.vni';

/** Default VNIs of CNIs. */
const TAKEN: Readonly<Record<number, string>> = { 1: 'flannel', 4096: 'Calico, and of flannel on Windows nodes' };

/** A VNI belongs to one network, and to no CNI. */
export const vni: Rule = {
  reads: [PATH],
  checkNetwork: ({ spec }) => {
    const owner = spec.overlay && TAKEN[spec.overlay.vni];
    if (owner === undefined) return [];
    return [
      refusal('Collision', PATH, spec.overlay?.vni, 'be neither 1 nor 4096', {
        because: `this is the VNI of ${owner}`,
      }),
    ];
  },
  checkAll: (subjects) =>
    clashes(
      subjects,
      ({ spec }) => (spec.overlay === undefined ? [] : [{ id: String(spec.overlay.vni) }]),
      ({ id }, owner) =>
        refusal('Collision', PATH, Number(id), 'be unique in the cluster', { because: `${owner.label} has it too` }),
    ),
};
