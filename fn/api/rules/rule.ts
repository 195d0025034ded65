import type { Fault } from '../fault.ts';
import type { GatewayNetwork } from '../generated/gateway-network.ts';

/**
 * A network as rules see it. Only the fields that a rule names in {@link Rule.reads} are known to
 * follow the schema.
 */
export interface Subject {
  readonly network: GatewayNetwork;
  /** Namespace and name; the same only for duplicates. */
  readonly key: string;
  /** How a message about another network names this one: `GatewayNetwork "egress/vpn" in "networks.yaml"`. */
  readonly label: string;
}

/** A fault, and the network that has it. */
export interface Clash {
  readonly subject: Subject;
  readonly fault: Fault;
}

/** A check that a schema cannot express. A rule is pure, and never throws. */
export interface Rule {
  /** The paths of all fields that the rule looks at. It never sees a network in which one of them breaks the schema. */
  readonly reads: readonly string[];
  /** Checks one network. */
  readonly checkNetwork?: (network: GatewayNetwork) => readonly Fault[];
  /** Checks all networks at once; of two that clash, the later one has the fault. */
  readonly checkAll?: (subjects: readonly Subject[]) => readonly Clash[];
}

/**
 * Clashes over something that only one network may have: a subject clashes with the first one of
 * another key that claimed
 * the same before.
 */
export function clashes<Claim extends { readonly id: string }>(
  subjects: readonly Subject[],
  claimsOf: (network: GatewayNetwork) => readonly Claim[],
  describe: (claim: Claim, owner: Subject) => Fault,
): readonly Clash[] {
  const owners = new Map<string, Subject>();
  return subjects.flatMap((subject) =>
    claimsOf(subject.network).flatMap((claim) => {
      const owner = owners.get(claim.id);
      if (owner === undefined) owners.set(claim.id, subject);
      return owner === undefined || owner.key === subject.key ? [] : [{ subject, fault: describe(claim, owner) }];
    }),
  );
}
