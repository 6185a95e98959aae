import { sql, type Kysely } from 'kysely';

/** What waits to be sent is read owner by owner, so that each gets a turn. */
export async function up(database: Kysely<never>): Promise<void> {
  await sql`create index task_held_by_owner on task (account, kind, owner, id) where state = 'held'`.execute(database);
  await sql`drop index task_held`.execute(database);
}
