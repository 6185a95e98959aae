import { sql, type Kysely } from 'kysely';

/** How many tasks wait to be sent in all: the order is only that of those which the scheduler keeps in memory. */
export async function up(database: Kysely<never>): Promise<void> {
  await sql`alter table held_order add column held integer not null default 0`.execute(database);
}
