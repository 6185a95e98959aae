import { sql, type Kysely } from 'kysely';

/**
 * Which ended tasks are still polled, because evidence may correct their end; and since when the upstream says DONE of a
 * task without naming a file.
 */
export async function up(database: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  'alter table task_progress add column empty_done_since timestamptz',
  `create index task_correctable on task (account, ended_at) where upstream_task_id is not null
    and failure_code in ('SUBMISSION_UNCONFIRMED', 'TIMED_OUT', 'NOT_FOUND', 'GATEWAY_ERROR')`,
  'drop index task_timed_out',
];
