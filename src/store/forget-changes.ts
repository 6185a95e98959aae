import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Places are good for a week; a statement that was under way at one may have begun some time before. */
const keptFor = sql`interval '7 days 1 hour'`;
const atOnce = 1_000;

/**
 * Forgets changes that are too old for any cursor, at most a thousand, and writes down up to where: places
 * before that are refused from then on. True when there may be more.
 */
export async function forgetOldChanges(database: Database): Promise<boolean> {
  const { rows } = await sql<{ count: string }>`
    with gone as (
      delete from task_change
      where ctid = any(array(select ctid from task_change order by xid, task_id, revision limit ${atOnce}))
        and at < clock_timestamp() - ${keptFor}
      returning xid
    ), remembered as (
      update database_identity set forgotten = greatest(forgotten, (select xid from gone order by xid desc limit 1))
      where exists (select from gone)
    )
    select count(*) as count from gone`.execute(database);
  return Number(rows[0]?.count) === atOnce;
}
