import { sql, type Insertable } from 'kysely';
import type { Move } from '../domain/task/moves.ts';
import type { Database } from './database.ts';
import { createdAt } from '../domain/task/task-id.ts';
import { rowOf, type TaskToRecord, wordsOf } from './insert-task.ts';
import { failureColumns } from './move-task.ts';
import type { Tables } from './tables.ts';

/** A task of the past, with every move that it made until it ended. */
export type PastTask = {
  task: TaskToRecord;
  /** null where the upstream never took it. */
  upstreamTaskId: string | null;
  pollCount: number;
  moves: readonly { at: Date; move: Move }[];
};

/**
 * Records ended tasks with their progress, words and histories, all or none. Their results count as expired from the end:
 * none is handed out or archived. Throws for a task that has not ended, which somebody would send or poll.
 */
export async function insertPastTasks(database: Database, tasks: readonly PastTask[]): Promise<void> {
  const ended = tasks.map((task) => ({ ...task, ...endOf(task) }));
  await database.transaction().execute(async (transaction) => {
    await transaction.insertInto('task').values(ended.map(taskRow)).execute();
    await transaction.insertInto('task_progress').values(ended.map(progressRow)).execute();
    await transaction.insertInto('task_words').values(ended.flatMap(wordsRow)).execute();
    await transaction.insertInto('task_event').values(ended.flatMap(eventRows)).execute();
  });
}

/** What the planner goes by: after very many new rows, not to be waited for. */
export async function readStatistics(database: Database): Promise<void> {
  await sql`analyze task, task_progress, task_words, task_event, task_change`.execute(database);
}

type EndedTask = PastTask & { end: Move; endedAt: Date };

/** What its moves came to. */
function endOf({ task, moves }: PastTask): Pick<EndedTask, 'end' | 'endedAt'> {
  const [first, ...later] = moves;
  const endedAt = moves.at(-1)?.at;
  const end = later.reduce((before, { move }) => ({ ...before, ...move }), first?.move);
  if (end?.state !== 'ended' || endedAt === undefined) throw new Error(`Task ${task.id} of the past has not ended.`);
  return { end, endedAt };
}

function taskRow({ task, upstreamTaskId, moves, end, endedAt }: EndedTask): Insertable<Tables['task']> {
  const { files = [], resolution = null } = end;
  return {
    ...rowOf(task),
    ...failureColumns(end.failure),
    state: end.state,
    status: end.status,
    revision: 1 + moves.length,
    upstream_task_id: upstreamTaskId,
    files: JSON.stringify(files),
    files_expire_at: end.status === 'DONE' ? endedAt : null,
    resolution,
    updated_at: endedAt,
    submitted_at: momentOf(moves, 'WAIT'),
    started_at: momentOf(moves, 'RUN'),
    ended_at: endedAt,
  };
}

function progressRow({ task, moves, pollCount, endedAt }: EndedTask): Insertable<Tables['task_progress']> {
  const runStartedAt = momentOf(moves, 'RUN');
  return {
    task_id: task.id,
    poll_count: pollCount,
    last_polled_at: pollCount > 0 ? endedAt : null,
    last_unfinished_at: runStartedAt,
    last_wait_at: momentOf(moves, 'WAIT'),
    run_started_at: runStartedAt,
  };
}

function wordsRow({ task }: EndedTask): Insertable<Tables['task_words']>[] {
  const words = wordsOf(task.owner, task.request.prompt ?? null);
  return words.length === 0 ? [] : [{ task_id: task.id, owner: task.owner, words }];
}

function eventRows({ task: { id }, moves }: EndedTask): Insertable<Tables['task_event']>[] {
  const created = {
    task_id: id,
    revision: 1,
    status: 'WAIT' as const,
    at: createdAt(id),
    message: null,
    request_id: null,
  };
  const moved = moves.map(({ at, move: { status, message, requestId } }, index) => ({
    task_id: id,
    revision: 2 + index,
    status,
    at,
    message,
    request_id: requestId,
  }));
  return [created, ...moved];
}

function momentOf(moves: PastTask['moves'], status: Move['status']): Date | null {
  return moves.find(({ move }) => move.status === status)?.at ?? null;
}
