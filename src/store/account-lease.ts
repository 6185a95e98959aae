import { sql } from 'kysely';
import { leaseTimes, type LeaseKeeper } from '../domain/lease.ts';
import { hintChannels } from '../domain/task-hint.ts';
import type { Database } from './database.ts';

/** One row an account. Whoever takes it over from another counts the epoch up; a renewal keeps it. */
export function createLeaseKeeper(database: Database, account: string, holder: string): LeaseKeeper {
  const expiry = sql<Date>`clock_timestamp() + ${leaseTimes.lastsMs} * interval '1 millisecond'`;
  return {
    async acquire() {
      const row = await database
        .insertInto('account_lease')
        .values({ account, holder, epoch: '1', expires_at: expiry })
        .onConflict((conflict) =>
          conflict
            .column('account')
            .doUpdateSet({
              holder,
              epoch: sql<string>`account_lease.epoch + (case when account_lease.holder = ${holder}
                and account_lease.expires_at > clock_timestamp() then 0 else 1 end)`,
              expires_at: expiry,
            })
            .where((build) =>
              build.or([
                build('account_lease.holder', '=', holder),
                build('account_lease.expires_at', '<=', sql<Date>`clock_timestamp()`),
              ]),
            ),
        )
        .returning('epoch')
        .executeTakeFirst();
      return row === undefined ? null : { epoch: BigInt(row.epoch) };
    },

    async release() {
      const released = await database
        .updateTable('account_lease')
        .set({ expires_at: sql<Date>`clock_timestamp()` })
        .where('account', '=', account)
        .where('holder', '=', holder)
        .returning('account')
        .execute();
      // So that another takes over now, not when it looks next.
      if (released.length > 0) await sql`select pg_notify(${hintChannels.leaseReleased}, ${account})`.execute(database);
    },
  };
}

/** For how long an account's lease has been free, by database time; 0 while it is held, null when it never was. */
export async function findLeaseVacantMs(database: Database, account: string): Promise<number | null> {
  const vacant = sql<number>`greatest(0, extract(epoch from clock_timestamp() - expires_at) * 1000)::float8`;
  const row = await database
    .selectFrom('account_lease')
    .select(vacant.as('ms'))
    .where('account', '=', account)
    .executeTakeFirst();
  return row?.ms ?? null;
}
