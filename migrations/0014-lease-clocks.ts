import { sql, type Kysely } from 'kysely';

/** Whether the clock of whoever schedules is wrong, and when another process last said that it would rather do so. */
export async function up(database: Kysely<never>): Promise<void> {
  await sql`alter table account_lease
    add column clock_is_off boolean not null default false,
    add column wanted_at timestamptz`.execute(database);
}
