import type { Facts } from '../../cluster/facts.ts';
import { type Check, error, type Observed, ok, unknown, within } from '../check.ts';
import { ofKind } from '../kinds.ts';
import { type Network } from '../network.ts';

/** The oldest release with every kind that is rendered, except MutatingAdmissionPolicy. */
const OLDEST = 30;

/** Kinds of which a network may have some, the resource of each, and the release that serves it. */
const POLICIES = [
  { kind: 'MutatingAdmissionPolicy', resource: 'mutatingadmissionpolicies', release: '1.36', field: 'join: Admission' },
  {
    kind: 'ValidatingAdmissionPolicy',
    resource: 'validatingadmissionpolicies',
    release: '1.30',
    field: 'admissionCheck',
  },
] as const;

/** The release of Kubernetes, and what networks need of it. */
export const kubernetes: Check = {
  name: 'kubernetes',
  why: 'an API server refuses objects of kinds that it does not know, so a part of the network is missing',
  anchor: 'kubernetes-is-too-old',
  examine: ({ facts, networks }) => [...releaseOf(facts), ...networks.flatMap((one) => policiesOf(one, facts))],
};

function releaseOf({ version }: Facts): readonly Observed[] {
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  if (minor === undefined) return [unknown(`the release of Kubernetes is '${version}', which is not understood`)];
  const isEnough = Number(major) > 1 || Number(minor) >= OLDEST;
  const seen = `Kubernetes ${version}`;
  return [
    isEnough ? ok(seen) : error(`${seen} is older than 1.${OLDEST}`, `upgrade the cluster to 1.${OLDEST} or later`),
  ];
}

function policiesOf({ label, objects }: Network, { admissionKinds }: Facts): readonly Observed[] {
  const needed = POLICIES.filter(({ kind }) => ofKind(objects, kind).length > 0);
  if (needed.length === 0) return [];
  return within('the kinds of admission policies', admissionKinds, (served) =>
    needed.map(({ kind, resource, release, field }) =>
      served.includes(resource)
        ? ok(`${kind} is served`)
        : error(`${kind} is not served`, `upgrade to Kubernetes ${release}, or do without \`${field}\``),
    ),
  ).map((one) => ({ ...one, network: label }));
}
