import { sql, type Kysely } from 'kysely';

/**
 * Builds an index while others write to its table, for a migration outside a transaction: `on` is what follows its name, from
 * ON to the end. One that a broken try has left behind is INVALID and serves no query: it is dropped and built anew. The wait
 * for others has no limit, because no reader or writer waits behind it.
 */
export async function createIndexConcurrently(
  session: Kysely<never>,
  name: string,
  on: string,
  { unique = false }: { unique?: boolean } = {},
): Promise<void> {
  const { rows } = await sql<{ limit: string }>`select current_setting('lock_timeout') as limit`.execute(session);
  const setLimit = (limit: string) => sql`select set_config('lock_timeout', ${limit}, false)`.execute(session);
  await setLimit('0');
  if (await isInvalid(session, name)) await sql`drop index concurrently ${sql.id(name)}`.execute(session);
  const create = unique ? sql`create unique index` : sql`create index`;
  await sql`${create} concurrently if not exists ${sql.id(name)} ${sql.raw(on)}`.execute(session);
  await setLimit(rows[0]?.limit ?? '0');
}

async function isInvalid(session: Kysely<never>, name: string): Promise<boolean> {
  const { rows } = await sql`
    select from pg_index where indexrelid = to_regclass(${name}) and not indisvalid`.execute(session);
  return rows.length > 0;
}
