import { sql } from 'kysely';
import type { TaskEvent } from '../domain/task/task.ts';
import type { Database } from './database.ts';

/** Every transition of the owner's own tasks among these, oldest first within a task. */
export async function findHistories(
  database: Database,
  owner: string,
  taskIds: readonly string[],
): Promise<TaskEvent[]> {
  const rows = await database
    .selectFrom('task_event')
    .innerJoin('task', 'task.id', 'task_event.task_id')
    .select(['task_id', 'task.owner', 'task_event.revision', 'task_event.status', 'at', 'message', 'request_id'])
    .where('task.owner', '=', owner)
    .where('task_id', '=', sql<string>`any(${taskIds})`)
    .orderBy('task_id')
    .orderBy('task_event.revision')
    .execute();
  return rows.map(({ task_id, request_id, ...event }) => ({ ...event, taskId: task_id, requestId: request_id }));
}
