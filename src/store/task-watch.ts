import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Says that somebody at this replica waits for these tasks, for as long as is told. */
export async function recordWatch(database: Database, ids: readonly string[], livesMs: number): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    insert into task_watch (task_id, until)
    select id, clock_timestamp() + ${livesMs} * interval '1 millisecond' from unnest(${ids}::uuid[]) as watched (id)
    order by id
    on conflict (task_id) do update set until = excluded.until`.execute(database);
}

/** The tasks that somebody waits for, at whatever replica. */
export async function findWatched(database: Database): Promise<string[]> {
  const rows = await database
    .selectFrom('task_watch')
    .select('task_id')
    .where('until', '>', sql<Date>`clock_timestamp()`)
    .execute();
  return rows.map((row) => row.task_id);
}

export async function forgetExpiredWatch(database: Database): Promise<void> {
  await database
    .deleteFrom('task_watch')
    .where('until', '<', sql<Date>`clock_timestamp()`)
    .execute();
}
