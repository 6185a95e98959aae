import type { Kysely } from 'kysely';
import { DatabaseError, type ClientConfig } from 'pg';
import { migrations as released } from '../../migrations/index.ts';
import { systemClock, type Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import { takeMigrationLock } from './migration-lock.ts';
import { findApplied, prepareRecords, recordApplied, refuseNewerSchema } from './migration-records.ts';
import { withMigrationSession } from './migration-session.ts';
import type { Migration, Migrations } from './migration.ts';

export type MigrateOverrides = { migrations?: Migrations; clock?: Clock; lockTimeoutMs?: number };

/** So long the gateway's own statements may wait behind a migration that waits for a lock. */
const lockTimeoutMsByDefault = 3_000;
/** Ten minutes of tries, the pauses between them included. */
const maxTries = 20;
const pauseMs = { first: 1_000, max: 30_000 };
/** `lock_not_available`, `deadlock_detected`. */
const passing = ['55P03', '40P01'];

/**
 * Brings the database's tables up to date, one process at a time, so that replicas can start together: one that comes later
 * waits. `connection` must be one that keeps its session. A newer schema is left as it is. Throws, with the cause in the
 * message, when a migration fails or a newer release has left a schema that this one can't run on.
 */
export async function migrate(
  connection: ClientConfig,
  logger: Logger,
  { migrations = released, clock = systemClock, lockTimeoutMs = lockTimeoutMsByDefault }: MigrateOverrides = {},
): Promise<void> {
  const findPending = async (session: Kysely<never>): Promise<[string, Migration][]> => {
    const applied = await findApplied(session);
    refuseNewerSchema(applied, migrations);
    const names = new Set(applied.map(({ name }) => name));
    return Object.entries(migrations)
      .filter(([name]) => !names.has(name))
      .toSorted(([one], [other]) => (one < other ? -1 : 1));
  };

  await withMigrationSession(connection, lockTimeoutMs, logger, async (session) => {
    if ((await findPending(session)).length === 0) return;
    await takeMigrationLock(session, { clock, logger });
    await prepareRecords(session);
    const isNew = (await findApplied(session)).length === 0;
    // Another process may have done it all meanwhile.
    for (const [name, migration] of await findPending(session)) {
      const startedAt = clock.monotonic();
      await applyPatiently(session, name, migration, { clock, logger });
      // The first start says what it runs on first: that its tables are made is no news.
      const level = isNew ? 'debug' : 'info';
      logger[level]({ migration: name, ms: Math.round(clock.monotonic() - startedAt) }, 'The database was migrated.');
    }
  });
}

/** Tries again where only a lock was missing: what holds it may be a long query, or a backup. */
async function applyPatiently(
  session: Kysely<never>,
  name: string,
  migration: Migration,
  { clock, logger }: { clock: Clock; logger: Logger },
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await applyOnce(session, name, migration);
    } catch (cause) {
      const error = cause instanceof Error ? cause.message : String(cause);
      if (tries === maxTries || !lacksLock(cause)) {
        throw new Error(`The database could not be migrated: ${name} failed: ${error}`, { cause });
      }
      logger.warn({ migration: name, tries, error }, 'A migration did not get a lock; it is tried again.');
    }
    await clock.sleep(Math.min(pauseMs.first * 2 ** (tries - 1), pauseMs.max));
  }
}

/** What was done is recorded with it, in one transaction; without one, after it. */
async function applyOnce(session: Kysely<never>, name: string, migration: Migration): Promise<void> {
  const apply = async (open: Kysely<never>): Promise<void> => {
    await migration.up(open);
    await recordApplied(open, name, migration);
  };
  await (migration.transaction === false ? apply(session) : session.transaction().execute(apply));
}

function lacksLock(error: unknown): boolean {
  return error instanceof DatabaseError && error.code !== undefined && passing.includes(error.code);
}
