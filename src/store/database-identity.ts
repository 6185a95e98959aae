import { randomUUID } from 'node:crypto';
import { sql, type RawBuilder } from 'kysely';
import { DatabaseError } from 'pg';
import type { Database } from './database.ts';

/**
 * Finds out whether this is still the database whose changes are written down: the same server, on the same timeline, and
 * not a copy under another name. Where it is not, numbers of transactions mean nothing here, or something else: the
 * changes are emptied, and the database gets a new id, so that every place of before is refused. True when it has.
 */
export async function recognizeDatabase(database: Database): Promise<boolean> {
  const parts = await Promise.all([
    // Data folders that were copied from one template share it, and each has a name of its own beside it.
    readIfAllowed(
      database,
      sql<{
        part: string;
      }>`select concat_ws(' ', system_identifier, nullif(current_setting('gateway.data_folder', true), ''))
        as part from pg_control_system()`,
    ),
    // After a fail-over at once, where the control file would name the old timeline until the next checkpoint.
    readIfAllowed(database, sql<{ part: string }>`select left(pg_walfile_name(pg_current_wal_lsn()), 8) as part`),
    readIfAllowed(
      database,
      sql<{ part: string }>`select oid::text as part from pg_database where datname = current_database()`,
    ),
  ]);
  const fingerprint = parts.join('/');
  const known = await database.selectFrom('database_identity').select('fingerprint').executeTakeFirst();
  return known?.fingerprint === fingerprint ? false : await renew(database, fingerprint);
}

/** Of those that start together, one renews it. */
async function renew(database: Database, fingerprint: string): Promise<boolean> {
  return await database.transaction().execute(async (open) => {
    const known = await open.selectFrom('database_identity').select('fingerprint').forUpdate().executeTakeFirst();
    if (known?.fingerprint === fingerprint) return false;
    await sql`truncate task_change`.execute(open);
    const id = randomUUID();
    await open
      .insertInto('database_identity')
      .values({ id, fingerprint, forgotten: '0' })
      .onConflict((conflict) => conflict.column('is_only').doUpdateSet({ id, fingerprint, forgotten: '0' }))
      .execute();
    return true;
  });
}

/** Not every provider lets its customers call every function: permission, presence, support, or state may be missing. */
const refusals = new Set(['42501', '42883', '0A000', '55000']);

async function readIfAllowed(database: Database, query: RawBuilder<{ part: string }>): Promise<string> {
  try {
    return (await query.execute(database)).rows[0]?.part ?? '';
  } catch (error) {
    if (error instanceof DatabaseError && refusals.has(error.code ?? '')) return '';
    throw error;
  }
}
