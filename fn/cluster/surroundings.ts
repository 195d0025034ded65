import { connect, type Connection } from './connect.ts';
import { list } from './list.ts';
import type { Named, Observation, Question } from './observation.ts';
import { Refusal } from './refusal.ts';
import { get, getObject } from './request.ts';
import { someAtATime } from './some-at-a-time.ts';

/** What a container has logged last, each line after its time. */
export interface ContainerLog {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly text: string;
}

/** What a bug report needs besides an observation. What the cluster does not let somebody read is not there. */
export interface Surroundings {
  /** Such as `v1.34.4`. */
  readonly kubernetes?: string;
  readonly nodes?: readonly Named[];
  readonly logs: readonly ContainerLog[];
}

/** How many lines of a log are read. */
const LINES = 1000;

/** The version of the API server, the nodes, and the logs of some containers of the pods of agents and routers. */
export async function surroundings(
  question: Question,
  { pods }: Observation,
  containers: ReadonlySet<string>,
): Promise<Surroundings | { readonly refusal: string }> {
  try {
    const connection = await connect(question);
    const own = pods.flatMap(({ metadata: { namespace = '', name: pod = '' } = {}, spec }) =>
      [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]
        .filter(({ name }) => containers.has(name))
        .map(({ name: container }) => ({ namespace, pod, container })),
    );
    const [version, nodes, logs] = await Promise.all([
      unlessRefused(getObject<{ readonly gitVersion?: unknown }>(connection, '/version')),
      unlessRefused(list<Named>(connection, '/api/v1/nodes', {})),
      someAtATime(own, async (one) => logOf(connection, one)),
    ]);
    const gitVersion = version?.gitVersion;
    return {
      ...(typeof gitVersion === 'string' && { kubernetes: gitVersion }),
      ...(nodes && { nodes }),
      logs: logs.filter((log) => log !== undefined),
    };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error.message };
    throw error;
  }
}

async function logOf(
  connection: Connection,
  { namespace, pod, container }: Omit<ContainerLog, 'text'>,
): Promise<ContainerLog | undefined> {
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
  const query = `container=${container}&tailLines=${LINES}&timestamps=true`;
  const text = await unlessRefused(get(connection, `${path}?${query}`, 'application/json, */*'));
  return text === undefined ? undefined : { namespace, pod, container, text };
}

async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
