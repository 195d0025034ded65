import { refusal } from '../fault.ts';
import { clashes, type Rule } from './rule.ts';

const PATH = 'spec.gateway.egress.vpn.wireGuard.secretName';

/** A Secret belongs to one network: a server replies to the latest of two peers with the same key. */
export const wireGuardSecrets: Rule = {
  reads: ['metadata.namespace', PATH],
  checkAll: (subjects) =>
    clashes(
      subjects,
      ({ metadata, spec }) => {
        const name = spec.gateway?.egress?.vpn?.wireGuard?.secretName;
        return name === undefined ? [] : [{ id: `${metadata.namespace ?? ''}/${name}`, name }];
      },
      ({ name }, owner) => {
        const because = `${owner.label} has it too, and two tunnels with one key steal packets from each other`;
        return refusal('Collision', PATH, name, 'name a Secret that no other network has', { because });
      },
    ),
};
