import { sql } from 'kysely';
import { inMs } from './database-time.ts';
import type { Database } from './database.ts';
import { leaseEnd, type Claimed } from './work-leases.ts';

/** In how many milliseconds something of the account is due, less than 0 where it has been; null when nothing waits. */
export async function findArchiveDueMs(database: Database, account: string): Promise<number | null> {
  const row = await database
    .selectFrom('archive_work')
    .select(sql<number | null>`(extract(epoch from min(due_at) - clock_timestamp()) * 1000)::float8`.as('ms'))
    .where('account', '=', account)
    .executeTakeFirstOrThrow();
  return row.ms;
}

/** Begins a try of what is due and expires first. null when nothing is due. Each is answered once, to one replica. */
export async function claimArchiveWork(database: Database, account: string): Promise<Claimed | null> {
  const claimed = await database
    .updateTable('archive_work')
    .set({ attempt: sql<number>`attempt + 1`, due_at: leaseEnd, is_leased: true })
    .where('task_id', '=', (query) =>
      query
        .selectFrom('archive_work')
        .select('task_id')
        .where('account', '=', account)
        .where('due_at', '<=', sql<Date>`clock_timestamp()`)
        // What is gone at an unknown moment may be gone soon.
        .orderBy('expires_at', (order) => order.asc().nullsFirst())
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['task_id as id', 'attempt'])
    .executeTakeFirst();
  return claimed ?? null;
}

/** A try has ended without the result: it is due again in so many milliseconds. */
export async function postponeArchiveWork(database: Database, { id, attempt }: Claimed, ms: number): Promise<void> {
  await database
    .updateTable('archive_work')
    .set({ due_at: inMs(ms), is_leased: false })
    .where('task_id', '=', id)
    .where('attempt', '=', attempt)
    .execute();
}
