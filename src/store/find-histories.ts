import { sql } from 'kysely';
import type { TaskEvent } from '../domain/task/task.ts';
import type { Database } from './database.ts';
import { keepQuery, type ValueOf } from './kept-query.ts';
import { prepared } from './prepared-statements.ts';

const selectHistories = keepQuery((database, valueOf: ValueOf<{ owner: string; taskIds: readonly string[] }>) =>
  database
    .selectFrom('task_event')
    .modifyFront(prepared)
    .select(['task_id', 'revision', 'status', 'at', 'message', 'request_id'])
    // Whose the tasks are is checked once for each of them, not for each event.
    .where(
      'task_id',
      '=',
      sql<string>`any(array(select id from task where owner = ${valueOf('owner')} and id = any(${valueOf('taskIds')})))`,
    )
    .orderBy('task_id')
    .orderBy('revision'),
);

/** Every transition of the owner's own tasks among these, oldest first within a task. */
export async function findHistories(
  database: Database,
  owner: string,
  taskIds: readonly string[],
): Promise<TaskEvent[]> {
  const rows = await selectHistories(database, { owner, taskIds });
  return rows.map(({ task_id, request_id, ...event }) => ({ ...event, owner, taskId: task_id, requestId: request_id }));
}
