import { sql } from 'kysely';
import type { Changed } from './archiving.ts';
import type { Database } from './database.ts';
import { hasWebhook } from './move-task.ts';

/** From now on no URL of these files is handed out: the first of two steps, so that none that was ever is dead. */
export async function letGoOfArchived(
  database: Database,
  { archivedBefore, limit }: { archivedBefore: Date; limit: number },
): Promise<Changed[]> {
  return await database
    .updateTable('task')
    .set({
      archive_state: 'removed',
      revision: sql<number>`revision + 1`,
      updated_at: sql<Date>`greatest(updated_at, clock_timestamp())`,
    })
    .where('id', 'in', (query) =>
      query
        .selectFrom('task')
        .select('id')
        .where('archive_state', 'in', ['kept', 'given-up'])
        .where(hasArchived)
        .where('archived_at', '<', archivedBefore)
        .orderBy('archived_at')
        .limit(limit),
    )
    .where('archive_state', 'in', ['kept', 'given-up'])
    .returning(['id', 'owner', 'revision', hasWebhook])
    .execute();
}

/** What was let go before that moment and lies there still, the oldest first; `after` a task, those that follow it. */
export async function findArchivedToDelete(
  database: Database,
  { letGoBefore, after, limit }: { letGoBefore: Date; after: string | null; limit: number },
): Promise<{ id: string; keys: string[] }[]> {
  const rows = await database
    .selectFrom('task')
    .select(['id', 'files'])
    .where('archive_state', '=', 'removed')
    .where(hasArchived)
    .where('updated_at', '<', letGoBefore)
    .$if(after !== null, (query) =>
      query.where(sql<boolean>`(updated_at, id) > (select updated_at, id from task where id = ${after})`),
    )
    .orderBy('updated_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id, files }) => ({ id, keys: files.flatMap(({ archived }) => archived?.key ?? []) }));
}

/** It lies there no more: nothing that anybody could have seen changes. */
export async function recordDeleted(database: Database, id: string): Promise<void> {
  await database
    .updateTable('task')
    .set({
      files: sql<string>`(select jsonb_agg(file - 'archived' order by at)
        from jsonb_array_elements(files) with ordinality as files (file, at))`,
    })
    .where('id', '=', id)
    .where('archive_state', '=', 'removed')
    .execute();
}

const hasArchived = sql<boolean>`files @> '[{"archived": {}}]'`;
