import { sql, type Kysely } from 'kysely';
import manifest from '../../package.json' with { type: 'json' };
import type { Migrations } from './migration.ts';

/** A migration that the database has, as the release that ran it wrote it down. */
export type AppliedMigration = { name: string; compatibleWith: string | null; release: string | null };

/**
 * What Kysely's own migrator keeps, which release 0.1.0 used, with two columns more: what a release needs in order to judge a
 * migration that it has never seen.
 */
export async function prepareRecords(session: Kysely<never>): Promise<void> {
  await sql`create table if not exists kysely_migration (
    name varchar(255) primary key, timestamp varchar(255) not null
  )`.execute(session);
  await sql`alter table kysely_migration
    add column if not exists compatible_with text, add column if not exists release text`.execute(session);
}

/** None where there is no such table yet. */
export async function findApplied(session: Kysely<never>): Promise<AppliedMigration[]> {
  const { rows: found } = await sql`select where to_regclass('kysely_migration') is not null`.execute(session);
  if (found.length === 0) return [];
  // As JSON: the table of release 0.1.0 has neither of the two columns.
  const { rows } = await sql<AppliedMigration>`
    select name, record ->> 'compatible_with' as "compatibleWith", record ->> 'release' as release
    from kysely_migration, to_jsonb(kysely_migration) as record order by name`.execute(session);
  return rows;
}

export async function recordApplied(
  session: Kysely<never>,
  name: string,
  { compatibleWith = null }: { compatibleWith?: string | null },
): Promise<void> {
  await sql`insert into kysely_migration (name, timestamp, compatible_with, release) values (
    ${name}, to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), ${compatibleWith}, ${manifest.version}
  )`.execute(session);
}

/** Throws when a newer release has left a schema that this one can't run on. */
export function refuseNewerSchema(applied: readonly AppliedMigration[], migrations: Migrations): void {
  const isKnown = (name: string): boolean => Object.hasOwn(migrations, name);
  const blocking = applied.find(
    ({ name, compatibleWith }) => !isKnown(name) && (compatibleWith === null || !isKnown(compatibleWith)),
  );
  if (blocking === undefined) return;
  const { name, compatibleWith, release } = blocking;
  const newer = release === null ? 'a newer release' : `release ${release}`;
  throw new Error(
    `The database was migrated by ${newer}, and its migration ${name} leaves a schema that this release, ` +
      `${manifest.version}, can't run on: it takes a release that knows ${compatibleWith ?? name}. ` +
      `Start ${newer} or a later one, or restore the backup from before the upgrade.`,
  );
}
