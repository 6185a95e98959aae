import { sql } from 'kysely';
import type { ArchivedFile } from '../domain/task/archived-file.ts';
import type { ArchiveState, FilesExpiry, ResultFile } from '../domain/task/task.ts';
import type { Database } from './database.ts';
import { hasWebhook, type Moved } from './move-task.ts';
import { filesExpiryOfRow } from './task-row.ts';
import type { Claimed } from './work-leases.ts';

/** A task whose files are to be fetched into the archive. */
export type TaskToArchive = {
  id: string;
  owner: string;
  files: ResultFile[];
  filesExpiry: FilesExpiry;
  endedAt: Date | null;
};

/** What an announcement of the change needs. */
export type Changed = Pick<Moved, 'id' | 'owner' | 'revision' | 'hasWebhook'>;

/** null when there is nothing to fetch (any more). */
export async function findTaskToArchive(database: Database, id: string): Promise<TaskToArchive | null> {
  const row = await database
    .selectFrom('task')
    .select(['id', 'owner', 'files', 'files_expiry', 'files_expire_at', 'ended_at'])
    .where('id', '=', id)
    .where('archive_state', '=', 'pending')
    .executeTakeFirst();
  if (row === undefined) return null;
  return { id: row.id, owner: row.owner, files: row.files, filesExpiry: filesExpiryOfRow(row), endedAt: row.ended_at };
}

/**
 * Tasks that ended while no archive was configured, or at a replica without one, and whose files may still live, from now
 * on wait for the archive: at most `limit` of them. Answers how many. Only tasks created since `createdAfterId` are looked at.
 */
export async function queueOverlooked(
  database: Database,
  account: string,
  { createdAfterId, endedAfter, now, limit }: { createdAfterId: string; endedAfter: Date; now: Date; limit: number },
): Promise<number> {
  const overlooked = database
    .selectFrom('task')
    .select('id')
    .where('id', '>', createdAfterId)
    .where('account', '=', account)
    .where('status', '=', 'DONE')
    .where('archive_state', 'is', null)
    .where(sql<boolean>`files <> '[]'`)
    .where((build) =>
      build.or([
        build.and([build('files_expiry', '=', 'at'), build('files_expire_at', '>', now)]),
        build.and([build('files_expiry', '=', 'unknown'), build('ended_at', '>', endedAfter)]),
      ]),
    )
    .limit(limit);
  const { numUpdatedRows } = await database
    .updateTable('task')
    .set({ archive_state: 'pending' })
    .where('id', 'in', overlooked)
    .where('archive_state', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Writes down that a file lies in the archive now. null when that is recorded already, or the task was changed meanwhile. */
export async function recordArchived(
  database: Database,
  { id, index, url }: { id: string; index: number; url: string },
  archived: ArchivedFile,
): Promise<Changed | null> {
  const changed = await database
    .updateTable('task')
    .set({
      files: sql<string>`jsonb_set(files, ${[String(index), 'archived']}::text[], ${JSON.stringify(archived)}::jsonb)`,
      revision: sql<number>`revision + 1`,
      updated_at: sql<Date>`greatest(updated_at, clock_timestamp())`,
    })
    .where('id', '=', id)
    .where('archive_state', '=', 'pending')
    .where(sql<boolean>`files -> ${index}::integer ->> 'url' = ${url}::text`)
    .where(sql<boolean>`not files -> ${index}::integer ? 'archived'`)
    .returning(['id', 'owner', 'revision', hasWebhook])
    .executeTakeFirst();
  return changed ?? null;
}

/** Nothing more is to be fetched. Where a later try has begun, that one will find it out. */
export async function recordArchiveEnd(
  database: Database,
  { id, attempt }: Claimed,
  state: Extract<ArchiveState, 'kept' | 'given-up'>,
): Promise<void> {
  await database
    .with('ended', (query) =>
      query.deleteFrom('archive_work').where('task_id', '=', id).where('attempt', '=', attempt).returning('task_id'),
    )
    .updateTable('task')
    .set({ archive_state: state, archived_at: sql<Date>`clock_timestamp()` })
    .where('id', 'in', (query) => query.selectFrom('ended').select('task_id'))
    .where('archive_state', '=', 'pending')
    .execute();
}

/** How much the archive has still to fetch, by the time that is left. */
export async function countToArchive(
  database: Database,
  account: string,
  now: Date,
): Promise<{ left: string; count: number }[]> {
  const left = sql<string>`case
    when files_expiry <> 'at' then 'unknown'
    when files_expire_at < ${now}::timestamptz + interval '1 hour' then '1h'
    when files_expire_at < ${now}::timestamptz + interval '3 hours' then '3h'
    when files_expire_at < ${now}::timestamptz + interval '6 hours' then '6h'
    else '12h' end`;
  const files = sql<string>`sum((select count(*) from jsonb_array_elements(files) as file where not file ? 'archived'))`;
  const rows = await database
    .selectFrom('task')
    .select([left.as('left'), files.as('count')])
    .where('account', '=', account)
    .where('archive_state', '=', 'pending')
    .groupBy('left')
    .execute();
  return rows.map((row) => ({ left: row.left, count: Number(row.count) }));
}

/** A file in the archive, of any owner: for a request whose URL was signed here. */
export async function findArchivedFile(
  database: Database,
  taskId: string,
  index: number,
): Promise<ArchivedFile | null> {
  const row = await database
    .selectFrom('task')
    .select(sql<ArchivedFile | null>`files -> ${index}::integer -> 'archived'`.as('archived'))
    .where('id', '=', taskId)
    .executeTakeFirst();
  return row?.archived ?? null;
}
