import { sql } from 'kysely';
import { TemporarilyUnavailableError } from '../domain/errors.ts';
import { createKeyedSemaphore, type KeyedSemaphore } from '../kit/keyed-semaphore.ts';
import { isUnlimited, type FullQuota, type Quota } from '../domain/task/quota.ts';
import type { Database } from './database.ts';
import { findFullQuota, type Holder } from './quota-use.ts';

/** `present`: the task, or another one that stands for the same, was there already. */
export type Insertion = 'recorded' | 'present' | FullQuota;

/** Half of what a statement may take, so that whoever waits for a process that stopped here still gets its turn. */
const longestPauseMs = 5_000;
const longestWaitMs = 5_000;

/** Those of one owner wait here before they take a connection: else those that wait for the lock could hold all of them. */
const semaphoreByDatabase = new WeakMap<Database, KeyedSemaphore>();

/**
 * Inserts if there is room. Those of one owner go one after the other, through all replicas, and look before they insert,
 * so that a refusal writes nothing. Without a limit it is the insert alone. Throws a TemporarilyUnavailableError when
 * its turn does not come in time.
 */
export async function insertWithinQuota(
  database: Database,
  holder: Holder,
  quota: Quota,
  insert: (database: Database) => Promise<boolean>,
): Promise<Insertion> {
  const record = async (open: Database): Promise<Insertion> => ((await insert(open)) ? 'recorded' : 'present');
  if (isUnlimited(quota)) return await record(database);
  const leave = await enterLane(database, holder.owner);
  try {
    return await insertUnderLock(database, holder, quota, record);
  } finally {
    leave();
  }
}

async function enterLane(database: Database, owner: string): Promise<() => void> {
  const semaphore = semaphoreByDatabase.get(database) ?? createKeyedSemaphore(1);
  semaphoreByDatabase.set(database, semaphore);
  return await semaphore.enter(owner, AbortSignal.timeout(longestWaitMs)).catch((cause: unknown) => {
    throw new TemporarilyUnavailableError(
      'Too many tasks of yours are being recorded. Nothing was recorded; try again.',
      {
        cause,
      },
    );
  });
}

async function insertUnderLock(
  database: Database,
  holder: Holder,
  quota: Quota,
  record: (open: Database) => Promise<Insertion>,
): Promise<Insertion> {
  // In any stricter level, what is counted would be as of when the lock was asked for, not as of when it was got.
  const transaction = database.transaction().setIsolationLevel('read committed');
  return await transaction.execute(async (open) => {
    await lockOwner(open, holder.owner);
    return (await findFullQuota(open, holder, quota)) ?? (await record(open));
  });
}

/** Until the transaction ends: should its process be frozen or lost, after a few seconds. */
async function lockOwner(open: Database, owner: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${owner}, 0)),
    set_config('idle_in_transaction_session_timeout', ${String(longestPauseMs)}, true)`.execute(open);
}
