import { sql } from 'kysely';
import type { Database } from '../../src/store/database.ts';

/**
 * What ten seconds without a renewal do to a lease, and twenty without an outcome to a submission. Both at once: a
 * process that took the lease in between would see its own fresh submissions age.
 */
export async function letTimePass(database: Database): Promise<void> {
  await sql`with expired as (update account_lease set expires_at = clock_timestamp())
    update task set submitting_since = submitting_since - interval '20 s' where state = 'submitting'`.execute(database);
}
