import { sql } from 'kysely';
import type { TaskEvent } from '../domain/task/task.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared-statements.ts';

/** Every transition of the owner's own tasks among these, oldest first within a task. */
export async function findHistories(
  database: Database,
  owner: string,
  taskIds: readonly string[],
): Promise<TaskEvent[]> {
  const rows = await database
    .selectFrom('task_event')
    .modifyFront(prepared)
    .select(['task_id', 'revision', 'status', 'at', 'message', 'request_id'])
    // Whose the tasks are is checked once for each of them, not for each event.
    .where('task_id', '=', sql<string>`any(array(select id from task where owner = ${owner} and id = any(${taskIds})))`)
    .orderBy('task_id')
    .orderBy('revision')
    .execute();
  return rows.map(({ task_id, request_id, ...event }) => ({ ...event, owner, taskId: task_id, requestId: request_id }));
}
