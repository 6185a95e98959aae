import { type Expression, sql } from 'kysely';
import type { FoundTask } from '../domain/task/feed.ts';
import type { Task } from '../domain/task/task.ts';
import type { Database } from './database.ts';
import { keepQuery, type ValueOf } from './kept-query.ts';
import { prepared } from './prepared-statements.ts';
import { taskColumns, taskOfRow } from './task-row.ts';

/** Every read of whole tasks for a caller starts here. */
export function selectOwnTasks(database: Database, owner: string | Expression<string>) {
  return selectAllTasks(database).where('task.owner', '=', owner);
}

/** Of all owners, with progress: for what the gateway does by itself. */
function selectAllTasks(database: Database) {
  return database.selectFrom('task').innerJoin('task_progress', 'task_progress.task_id', 'task.id').select(taskColumns);
}

/** Of all owners: for what the gateway does by itself. Unknown ids are left out. */
export async function findTasksById(database: Database, ids: readonly string[]): Promise<Task[]> {
  if (ids.length === 0) return [];
  const rows = await selectAllTasks(database)
    .modifyFront(prepared)
    .where('task.id', '=', sql<string>`any(${ids})`)
    .execute();
  return rows.map(taskOfRow);
}

/** The same with the transactions that made them, as far as they are known: those of the last days. */
export async function findTasksToTell(database: Database, ids: readonly string[]): Promise<FoundTask[]> {
  if (ids.length === 0) return [];
  const rows = await selectAllTasks(database)
    .modifyFront(prepared)
    .select((build) =>
      build
        .selectFrom('task_change')
        .select('xid')
        .whereRef('task_id', '=', 'task.id')
        .where('task_change.revision', '=', 1)
        .as('created_in'),
    )
    .where('task.id', '=', sql<string>`any(${ids})`)
    .execute();
  return rows.map(({ created_in: createdIn, ...row }) => ({
    task: taskOfRow(row),
    createdIn: createdIn === null ? null : BigInt(createdIn),
  }));
}

const selectOwn = keepQuery((database, valueOf: ValueOf<{ owner: string; ids: readonly string[] }>) =>
  selectOwnTasks(database, valueOf('owner'))
    .modifyFront(prepared)
    .where('task.id', '=', sql<string>`any(${valueOf('ids')})`),
);

/** The owner's own among these ids; a foreign one is as absent as an unknown one. */
export async function findOwnTasks(database: Database, owner: string, ids: readonly string[]): Promise<Task[]> {
  if (ids.length === 0) return [];
  const rows = await selectOwn(database, { owner, ids });
  return rows.map(taskOfRow);
}

/** All owners' tasks among these. */
export async function findRevisions(
  database: Database,
  ids: readonly string[],
): Promise<Pick<Task, 'id' | 'owner' | 'revision'>[]> {
  return await database
    .selectFrom('task')
    .select(['id', 'owner', 'revision'])
    .where('id', '=', sql<string>`any(${ids})`)
    .execute();
}

/** How far the owner's own among these ids are. */
export async function findOwnStates(
  database: Database,
  owner: string,
  ids: readonly string[],
): Promise<Pick<Task, 'id' | 'state'>[]> {
  if (ids.length === 0) return [];
  return await database
    .selectFrom('task')
    .select(['id', 'state'])
    .where('owner', '=', owner)
    .where('id', '=', sql<string>`any(${ids})`)
    .execute();
}

export async function findOwnTasksByUpstreamId(
  database: Database,
  owner: string,
  account: string,
  upstreamTaskIds: readonly string[],
): Promise<Task[]> {
  if (upstreamTaskIds.length === 0) return [];
  const rows = await selectOwnTasks(database, owner)
    .where('task.account', '=', account)
    .where('task.upstream_task_id', '=', sql<string>`any(${upstreamTaskIds})`)
    .execute();
  return rows.map(taskOfRow);
}

/** Whether a task was recorded, by any owner: for the gateway alone, as no caller may learn it. */
export async function isRecorded(database: Database, account: string, upstreamTaskId: string): Promise<boolean> {
  const row = await database
    .selectFrom('task')
    .select('id')
    .where('account', '=', account)
    .where('upstream_task_id', '=', upstreamTaskId)
    .executeTakeFirst();
  return row !== undefined;
}

/** The task of an account that a key of the owner stands for, with the hash of the request that the key was first used for. */
export async function findTaskByKey(
  database: Database,
  owner: string,
  account: string,
  idempotencyKey: string,
): Promise<{ task: Task; requestHash: string | null } | null> {
  const row = await selectOwnTasks(database, owner)
    .modifyFront(prepared)
    .select('task.request_hash')
    .where('task.account', '=', account)
    .where('task.idempotency_key', '=', idempotencyKey)
    .executeTakeFirst();
  return row === undefined ? null : { task: taskOfRow(row), requestHash: row.request_hash };
}

/** The one retry of a task that was made in an account without a key. */
export async function findKeylessRetry(
  database: Database,
  owner: string,
  account: string,
  retryOf: string,
): Promise<Task | null> {
  const row = await selectOwnTasks(database, owner)
    .where('task.account', '=', account)
    .where('task.retry_of', '=', retryOf)
    .where('task.idempotency_key', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : taskOfRow(row);
}
