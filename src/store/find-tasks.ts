import { sql } from 'kysely';
import type { Task } from '../domain/task.ts';
import type { Database } from './database.ts';
import { taskColumns, taskOfRow } from './task-row.ts';

/** Every read of whole tasks starts here: a task with its progress. */
export function selectTasks(database: Database) {
  return database.selectFrom('task').innerJoin('task_progress', 'task_progress.task_id', 'task.id').select(taskColumns);
}

/** Whose tasks they are is not asked: for what the gateway does by itself. Unknown ids are left out. */
export async function findTasksById(database: Database, ids: readonly string[]): Promise<Task[]> {
  if (ids.length === 0) return [];
  const rows = await selectTasks(database)
    .where('task.id', '=', sql<string>`any(${ids})`)
    .execute();
  return rows.map(taskOfRow);
}

/** The owner's own among these ids; a foreign one is as absent as an unknown one. */
export async function findOwnTasks(database: Database, owner: string, ids: readonly string[]): Promise<Task[]> {
  if (ids.length === 0) return [];
  const rows = await selectTasks(database)
    .where('task.owner', '=', owner)
    .where('task.id', '=', sql<string>`any(${ids})`)
    .execute();
  return rows.map(taskOfRow);
}

export async function findOwnTasksByUpstreamId(
  database: Database,
  owner: string,
  account: string,
  upstreamTaskIds: readonly string[],
): Promise<Task[]> {
  if (upstreamTaskIds.length === 0) return [];
  const rows = await selectTasks(database)
    .where('task.owner', '=', owner)
    .where('task.account', '=', account)
    .where('task.upstream_task_id', '=', sql<string>`any(${upstreamTaskIds})`)
    .execute();
  return rows.map(taskOfRow);
}

/** The task that a key of the owner stands for, with the hash of the request that the key was first used for. */
export async function findTaskByKey(
  database: Database,
  owner: string,
  idempotencyKey: string,
): Promise<{ task: Task; requestHash: string | null } | null> {
  const row = await selectTasks(database)
    .select('task.request_hash')
    .where('task.owner', '=', owner)
    .where('task.idempotency_key', '=', idempotencyKey)
    .executeTakeFirst();
  return row === undefined ? null : { task: taskOfRow(row), requestHash: row.request_hash };
}

/** The one retry of a task that was made without a key. */
export async function findKeylessRetry(database: Database, owner: string, retryOf: string): Promise<Task | null> {
  const row = await selectTasks(database)
    .where('task.owner', '=', owner)
    .where('task.retry_of', '=', retryOf)
    .where('task.idempotency_key', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : taskOfRow(row);
}
