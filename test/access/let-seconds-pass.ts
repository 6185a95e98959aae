import { sql } from 'kysely';
import type { Database } from '../../src/store/database.ts';

/** Makes every task so much older: ids begin with the moment of their creation. For a gateway that sends nothing. */
export async function letSecondsPass(database: Database, seconds: number): Promise<void> {
  const older = (column: string) => sql`${sql.ref(column)} = (
    lpad(to_hex(('x' || left(replace(${sql.ref(column)}::text, '-', ''), 12))::bit(48)::bigint - ${seconds * 1_000}::bigint), 12, '0')
      || substr(replace(${sql.ref(column)}::text, '-', ''), 13))::uuid`;
  await database.transaction().execute(async (open) => {
    // Ids refer to one another: all of them change, and none of the references is checked on the way.
    await sql`set local session_replication_role = replica`.execute(open);
    await sql`update task set ${older('id')}`.execute(open);
    for (const table of ['task_progress', 'task_words', 'task_event']) {
      await sql`update ${sql.table(table)} set ${older('task_id')}`.execute(open);
    }
  });
}
