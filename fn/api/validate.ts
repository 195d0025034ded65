import type { Problem } from '../krm/problem.ts';
import type { Fault } from './fault.ts';
import { meets } from './field-path.ts';
import type { GatewayNetwork } from './generated/gateway-network.ts';
import type { Network } from './network.ts';
import { parseNetwork } from './parse-network.ts';
import { quote } from './quote.ts';
import { RULES } from './rules/registry.ts';
import type { Clash, Rule, Subject } from './rules/rule.ts';
import { withoutEmptyFields } from './without-empty-fields.ts';
import { schemaFaults } from './schema-faults.ts';

/** A candidate for a GatewayNetwork, as it was read. */
export interface Candidate {
  readonly value: unknown;
  /** The file it came from and its position there, if the orchestrator says so. */
  readonly file: { readonly path: string; readonly index: number } | undefined;
}

/** The outcome of {@link validate}. */
export interface Validated<C extends Candidate = Candidate> {
  /** Those without an error of their own, in the order in which they came. */
  readonly networks: readonly { readonly network: Network; readonly candidate: C }[];
  /** All problems of all candidates, in the order of the candidates. */
  readonly problems: readonly Problem[];
}

/**
 * Checks candidates against the schema, and against rules that a schema cannot express. A rule sees every network in
 * which its fields follow the schema, so that all problems are reported at once.
 */
export function validate<C extends Candidate>(candidates: readonly C[]): Validated<C> {
  const checked = candidates.map((candidate, index) => {
    const value = withoutEmptyFields(candidate.value);
    return { candidate, subject: subjectOf({ ...candidate, value }, index), schema: schemaFaults(value) };
  });
  const faults = new Map(checked.map(({ subject, schema }) => [subject, [...schema.faults]]));
  for (const rule of RULES) {
    const readable = checked.filter(({ schema }) => canRead(rule, schema.unsound)).map(({ subject }) => subject);
    for (const { subject, fault } of apply(rule, readable)) faults.get(subject)?.push(fault);
  }
  return {
    networks: checked
      .filter(({ subject }) => faults.get(subject)?.length === 0)
      .map(({ subject, candidate }) => ({ network: parseNetwork(subject.network), candidate })),
    problems: checked.flatMap(({ subject, candidate }) =>
      (faults.get(subject) ?? []).map((fault) => problem(fault, candidate)),
    ),
  };
}

function canRead(rule: Rule, unsound: readonly string[]): boolean {
  return !unsound.some((fault) => rule.reads.some((path) => meets(path, fault)));
}

function apply(rule: Rule, subjects: readonly Subject[]): readonly Clash[] {
  const own = subjects.flatMap((subject) =>
    (rule.checkNetwork?.(subject.network) ?? []).map((fault) => ({ subject, fault })),
  );
  return [...own, ...(rule.checkAll?.(subjects) ?? [])];
}

function subjectOf(candidate: Candidate, index: number): Subject {
  const { name, namespace } = identity(candidate.value);
  const full = namespace === undefined ? name : `${namespace}/${name}`;
  const { file } = candidate;
  const document = file === undefined || file.index === 0 ? '' : ` (document ${file.index + 1})`;
  const origin = file === undefined ? 'the input' : `${quote(file.path)}${document}`;
  return {
    network: candidate.value as GatewayNetwork,
    key: name === undefined ? `#${index}` : `${namespace ?? ''}/${name}`,
    label: `GatewayNetwork ${name === undefined ? 'without a name' : quote(full)} in ${origin}`,
  };
}

function problem(fault: Fault, candidate: Candidate): Problem {
  const { apiVersion, kind, name, namespace } = identity(candidate.value);
  return {
    code: fault.code,
    severity: 'error',
    message: fault.message,
    ...(name !== undefined && {
      ref: { apiVersion: apiVersion ?? '', kind: kind ?? '', name, ...(namespace !== undefined && { namespace }) },
    }),
    ...(fault.path !== '' && { field: field(fault) }),
    ...(candidate.file && { file: candidate.file }),
  };
}

function field({ path, value, proposed }: Fault): NonNullable<Problem['field']> {
  return {
    path,
    ...(value !== undefined && { currentValue: value }),
    ...(proposed !== undefined && { proposedValue: proposed }),
  };
}

/** What names a candidate, as far as it is text. */
function identity(value: unknown): Readonly<Partial<Record<'apiVersion' | 'kind' | 'name' | 'namespace', string>>> {
  const root = (value ?? {}) as Readonly<Record<string, unknown>>;
  const metadata = (root['metadata'] ?? {}) as Readonly<Record<string, unknown>>;
  const all = {
    apiVersion: root['apiVersion'],
    kind: root['kind'],
    name: metadata['name'],
    namespace: metadata['namespace'],
  };
  return Object.fromEntries(Object.entries(all).filter(([, text]) => typeof text === 'string'));
}
