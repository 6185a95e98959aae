import { sql, type Kysely } from 'kysely';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';

/** The number that Kysely's own migrator locks, which release 0.1.0 used: the two exclude each other. */
const lockNumber = '3853314791062309107';
const pauseMs = 1_000;
const pausesPerLine = 30;

/**
 * Waits until no other process migrates the database, for as long as it takes. The lock ends with the session. It is tried
 * again and again, and not waited for in PostgreSQL: a session that waits inside a statement holds a snapshot, which CREATE
 * INDEX CONCURRENTLY of the process that migrates would wait for in turn.
 */
export async function takeMigrationLock(
  session: Kysely<never>,
  { clock, logger }: { clock: Clock; logger: Logger },
): Promise<void> {
  for (let pauses = 0; !(await tryLock(session)); pauses += 1) {
    if (pauses % pausesPerLine === 0) {
      logger.warn({ holderPid: await findHolder(session) }, 'Another process migrates the database; waiting for it.');
    }
    await clock.sleep(pauseMs);
  }
}

async function tryLock(session: Kysely<never>): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_lock(${lockNumber}::bigint) as taken`.execute(
    session,
  );
  return rows[0]?.taken ?? false;
}

/** The process id of its session in PostgreSQL: what an operator finds in pg_stat_activity. */
async function findHolder(session: Kysely<never>): Promise<number | null> {
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_locks
    where locktype = 'advisory' and granted and objsubid = 1
      and database = (select oid from pg_database where datname = current_database())
      and (classid::bigint << 32 | objid::bigint) = ${lockNumber}::bigint`.execute(session);
  return rows[0]?.pid ?? null;
}
