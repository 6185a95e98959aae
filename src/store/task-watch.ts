import { sql } from 'kysely';
import type { Database } from './database.ts';

const atOnce = 1_000;

/**
 * Records that subscribers of this replica wait for these tasks, for so long, and answers which of them are: those that
 * exist and have not ended. In pages, and always in the order of ids, so that replicas wait for each other's rows, if at all,
 * in the same order.
 */
export async function recordWatch(database: Database, ids: readonly string[], livesMs: number): Promise<string[]> {
  const sorted = ids.toSorted();
  const recorded: string[] = [];
  for (let begin = 0; begin < sorted.length; begin += atOnce) {
    recorded.push(...(await recordPage(database, sorted.slice(begin, begin + atOnce), livesMs)));
  }
  return recorded;
}

async function recordPage(database: Database, ids: readonly string[], livesMs: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    insert into task_watch (task_id, until)
    select id, clock_timestamp() + ${livesMs} * interval '1 millisecond'
    from task where id = any(${ids}::uuid[]) and state <> 'ended'
    order by id
    on conflict (task_id) do update set until = excluded.until
    returning task_id as id`.execute(database);
  return rows.map(({ id }) => id);
}

/** The tasks that have subscribers, at any replica. */
export async function findWatched(database: Database): Promise<string[]> {
  const rows = await database
    .selectFrom('task_watch')
    .select('task_id')
    .where('until', '>', sql<Date>`clock_timestamp()`)
    .execute();
  return rows.map((row) => row.task_id);
}

/** Passes over a row that a replica is about to renew, instead of waiting for it while others wait for this statement. */
export async function forgetExpiredWatch(database: Database): Promise<void> {
  await sql`
    delete from task_watch where task_id = any(array(
      select task_id from task_watch where until < clock_timestamp() for update skip locked
    ))`.execute(database);
}
