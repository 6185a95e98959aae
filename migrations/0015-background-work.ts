import { sql, type Kysely } from 'kysely';

/**
 * Work in the background is claimed in tables of our own, by a lease. Everything that waited as a job has its row: a webhook in
 * `webhook_delivery`, where it always was the truth, and a result in `archive_work`, made here of what the tasks say.
 *
 * No `compatibleWith`: earlier releases run their jobs in the schema that goes here.
 */
export async function up(database: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  `create table archive_work (
    task_id uuid primary key references task (id) on delete cascade,
    account text not null,
    owner text not null,
    expires_at timestamptz,
    attempt integer not null default 0,
    due_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    is_leased boolean not null default false
  )`,
  // When something falls due next, and what is claimed then: what expires first.
  'create index archive_work_due on archive_work (account, due_at)',
  'create index archive_work_in_order on archive_work (account, expires_at nulls first, due_at)',

  // A trigger, so that the move that makes a task DONE can't forget it, whichever release's statement it is.
  `create function record_archive_work() returns trigger language plpgsql as $$
  begin
    insert into archive_work (task_id, account, owner, expires_at)
    values (new.id, new.account, new.owner, case when new.files_expiry = 'at' then new.files_expire_at end)
    on conflict (task_id) do nothing;
    return null;
  end $$`,
  `create trigger task_archive_work after update of archive_state on task for each row
    when (new.archive_state = 'pending' and old.archive_state is distinct from 'pending')
    execute function record_archive_work()`,
  `insert into archive_work (task_id, account, owner, expires_at)
    select id, account, owner, case when files_expiry = 'at' then files_expire_at end
    from task where archive_state = 'pending'`,

  'alter table webhook_delivery add column is_leased boolean not null default false',
  // When something falls due next, in whatever lane.
  'create index webhook_delivery_by_due on webhook_delivery (due_at) where due_at is not null',
  // What is owed goes with the task, in one statement.
  cascadeFrom('webhook_delivery', 'task_id', 'task'),
  cascadeFrom('webhook_attempt', 'delivery_id', 'webhook_delivery'),
  cascadeFrom('webhook_attempt', 'task_id', 'task'),

  'drop schema if exists graphile_worker cascade',
  'drop table job_worker',
];

function cascadeFrom(table: string, column: string, to: string): string {
  const constraint = `${table}_${column}_fkey`;
  return `alter table ${table} drop constraint ${constraint}, add constraint ${constraint}
    foreign key (${column}) references ${to} (id) on delete cascade`;
}
