import { sql, type Kysely } from 'kysely';

/** A key of one upstream account, the sandbox's above all, stands for nothing in another; nor does a retry without a key. */
export async function up(database: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  'drop index task_idempotency',
  `create unique index task_idempotency on task (owner, account, idempotency_key) where idempotency_key is not null`,
  'drop index task_retry',
  `create unique index task_retry on task (owner, account, retry_of)
    where retry_of is not null and idempotency_key is null`,
];
