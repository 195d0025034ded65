import type { Executed, PodId } from './cluster-client.ts';
import { connect, type Connection } from './connect.ts';
import { execute, NotRun } from './execute.ts';
import type { Question } from './observation.ts';
import { Refusal } from './refusal.ts';
import { someAtATime } from './some-at-a-time.ts';

/** How long each may take to begin, and then to answer, in seconds. */
const PATIENCE = 5;

/** A program in a pod, and the command by which it is asked. */
export interface AskedProgram extends PodId {
  readonly container: string;
  readonly command: readonly string[];
}

/** What a program has answered, or why it was not asked. */
export type ProgramAnswer = PodId & ({ readonly executed: Executed } | { readonly unasked: string });

/** Asks programs in pods, some at a time. One that cannot be asked is no error. */
export async function programAnswers(
  question: Question,
  programs: readonly AskedProgram[],
): Promise<readonly ProgramAnswer[]> {
  if (programs.length === 0) return [];
  let connection: Connection;
  try {
    connection = await connect(question);
  } catch (error) {
    const unasked = reasonOf(error);
    return programs.map(({ namespace, pod }) => ({ namespace, pod, unasked }));
  }
  return someAtATime(programs, async (program) => answerOf(connection, program));
}

async function answerOf(connection: Connection, { command, ...place }: AskedProgram): Promise<ProgramAnswer> {
  const { namespace, pod } = place;
  try {
    return { namespace, pod, executed: await execute(connection, place, command, '', PATIENCE) };
  } catch (error) {
    return { namespace, pod, unasked: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof NotRun) return error.why;
  if (error instanceof Refusal) return error.message;
  throw error;
}
