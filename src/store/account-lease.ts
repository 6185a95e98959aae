import { sql } from 'kysely';
import { leaseTimes, type LeaseKeeper } from '../domain/lease.ts';
import { hintChannels } from '../domain/task/task-hint.ts';
import type { Database } from './database.ts';

export type LeaseKeeperOptions = {
  /** Whether the vendor may refuse what this process signs. It leaves the lease to another process then, if there is one. */
  isClockOff?: () => boolean;
  /** What begins with it held the lease in a process that is surely gone: the first try does not wait for its end. */
  formerHolders?: string | null;
};

/** A process tries to acquire a lease every 2 s: within so many milliseconds one with a right clock has tried. */
const wantedForMs = 3 * leaseTimes.renewEveryMs;

const inMs = (ms: number) => sql<Date>`clock_timestamp() + ${ms} * interval '1 millisecond'`;

/**
 * One row an account. A process that takes it over from another counts the epoch up; a renewal keeps it. A holder whose clock is
 * off says so in the row; who would take its place leaves word there, and the holder finds its renewal refused.
 */
export function createLeaseKeeper(
  database: Database,
  account: string,
  holder: string,
  { isClockOff = () => false, formerHolders = null }: LeaseKeeperOptions = {},
): LeaseKeeper {
  // Once only: of two folders that have the same name after all, one must not take the lease from the other for ever.
  let formerHoldersAreGone = formerHolders;

  async function take(clockIsOff: boolean): Promise<{ epoch: string } | undefined> {
    const isOwn = sql<boolean>`account_lease.holder = ${holder}`;
    const isWanted = sql<boolean>`coalesce(account_lease.wanted_at > ${inMs(-wantedForMs)}, false)`;
    const isLive = sql<boolean>`account_lease.expires_at > clock_timestamp()`;
    // Others have the time to take it first.
    const hasRunOut = sql<boolean>`account_lease.expires_at <= ${inMs(clockIsOff ? -wantedForMs : 0)}`;
    const isLeftBehind = sql<boolean>`starts_with(account_lease.holder, ${formerHoldersAreGone}::text)`;
    return await database
      .insertInto('account_lease')
      .values({ account, holder, epoch: '1', expires_at: inMs(leaseTimes.lastsMs), clock_is_off: clockIsOff })
      .onConflict((conflict) =>
        conflict
          .column('account')
          .doUpdateSet({
            holder,
            epoch: sql<string>`account_lease.epoch + (case when ${isOwn} and ${isLive} then 0 else 1 end)`,
            expires_at: inMs(leaseTimes.lastsMs),
            clock_is_off: clockIsOff,
            wanted_at: sql`case when ${isOwn} then account_lease.wanted_at end`,
          })
          .where((build) =>
            build.or([build.and([isOwn, sql<boolean>`not (${clockIsOff} and ${isWanted})`]), hasRunOut, isLeftBehind]),
          ),
      )
      .returning('epoch')
      .executeTakeFirst();
  }

  /** Of a holder whose clock is off. */
  async function want(): Promise<void> {
    await database
      .updateTable('account_lease')
      .set({ wanted_at: sql<Date>`clock_timestamp()` })
      .where('account', '=', account)
      .where('clock_is_off', '=', true)
      .execute();
  }

  return {
    async acquire() {
      const clockIsOff = isClockOff();
      const row = await take(clockIsOff);
      formerHoldersAreGone = null;
      if (row !== undefined) return { epoch: BigInt(row.epoch) };
      if (!clockIsOff) await want();
      return null;
    },

    async release() {
      const released = await database
        .updateTable('account_lease')
        .set({ expires_at: sql<Date>`clock_timestamp()` })
        .where('account', '=', account)
        .where('holder', '=', holder)
        .returning('account')
        .execute();
      // So that another process takes over at once.
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
