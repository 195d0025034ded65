/**
 * What becomes of agents. `live`: they apply it. `rolled`: their pods are replaced, one after another. `removed`: they
 * go.
 */
export type AgentsEffect = 'none' | 'live' | 'rolled' | 'removed';
/** What becomes of routers. `live`: they apply it. `replaced`: their pods are replaced. */
export type RoutersEffect = 'none' | 'live' | 'replaced';
/**
 * What becomes of clients. `rolled`: their workloads replace the pods. `restart`: pods keep what they have until
 * somebody restarts them.
 */
export type ClientsEffect = 'none' | 'rolled' | 'restart';

/** What a change of a field of the spec does to what runs: a row of docs/changes.md. */
export interface FieldEffect {
  /** The path of the field; `[]` stands for any entry of a list. */
  readonly field: string;
  readonly agents: AgentsEffect;
  readonly routers: RoutersEffect;
  readonly clients: ClientsEffect;
  /** What becomes of connections, as Markdown. */
  readonly connections: string;
}

/** A row of the table. */
export function field(
  path: string,
  [agents, routers, clients]: readonly [AgentsEffect, RoutersEffect, ClientsEffect],
  connections: string,
): FieldEffect {
  return { field: path, agents, routers, clients, connections };
}
