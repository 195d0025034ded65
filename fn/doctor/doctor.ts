import type { Facts, Further, Manifest } from '../cluster/facts.ts';
import { labelSelectorOf, multusIn, whereaboutsIn } from './daemons.ts';
import type { Diagnosis, Finding } from './diagnosis.ts';
import { networksOf } from './network.ts';
import { CHECKS } from './registry.ts';
import { secretsOf } from './secret-references.ts';
import { subjectOf } from './subject.ts';

const PAGE = 'docs/troubleshooting.md';

/** Which networks are meant: those of the objects of an input, or those of the cluster. */
export interface Meant {
  readonly objects?: readonly Manifest[];
  /** Only networks of this namespace. */
  readonly namespace?: string;
}

/** The networks that objects belong to, each as `namespace/name`. */
export function labelsIn(objects: readonly Manifest[]): readonly string[] {
  return networksOf(objects).map(({ label }) => label);
}

/** What has to be seen besides, of a cluster of which most was seen. */
export function furtherOf(facts: Facts, { objects, namespace }: Meant): Further {
  const { networks } = subjectOf(facts, objects, namespace);
  const daemonSets = [multusIn(facts), whereaboutsIn(facts)].filter((one) => one !== undefined);
  return {
    pods: daemonSets.map((one) => ({ namespace: one.metadata?.namespace ?? '', labelSelector: labelSelectorOf(one) })),
    secrets: unique(networks.flatMap(secretsOf).filter(({ namespace: home }) => home !== '')),
  };
}

function unique<T extends { readonly namespace: string; readonly name: string }>(all: readonly T[]): readonly T[] {
  return [...new Map(all.map((one) => [`${one.namespace}/${one.name}`, one])).values()];
}

/** What all checks say of a cluster, in their order. */
export function diagnose(facts: Facts, { objects, namespace }: Meant): Diagnosis {
  const subject = subjectOf(facts, objects, namespace);
  const findings = CHECKS.flatMap(({ name, why, anchor, examine }) =>
    examine(subject).map(({ state, network, seen, advice }): Finding => ({
      check: name,
      state,
      ...(network !== undefined && { network }),
      seen,
      why,
      ...(advice !== undefined && { advice }),
      link: `${PAGE}#${anchor}`,
    })),
  );
  return {
    server: facts.server,
    kubernetes: facts.version,
    ...(subject.platform !== undefined && { platform: subject.platform }),
    ...(subject.primary !== undefined && { primary: subject.primary.name }),
    networks: subject.networks.map(({ label }) => label),
    ...('unseen' in facts.installed && objects === undefined && { networksUnseen: facts.installed.unseen }),
    ok: findings.every(({ state }) => state !== 'error'),
    findings,
  };
}
