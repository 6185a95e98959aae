import { sql, type Kysely } from 'kysely';

/**
 * With whom a task shares what is scarce, where that is not its owner alone. What waits to be sent is read group by group,
 * then owner by owner.
 */
export async function up(database: Kysely<never>): Promise<void> {
  await sql`alter table task add column share_group text`.execute(database);
  await sql`create index task_held_by_share on task (account, kind, (coalesce(share_group, owner)), owner, id)
    where state = 'held'`.execute(database);
  await sql`drop index task_held_by_owner`.execute(database);
}
