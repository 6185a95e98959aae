import { sql, type Kysely } from 'kysely';

/** Whom to tell about a task, what is to be told, what came of it, and what it is signed with. */
export async function up(database: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  'alter table task add column webhook_url text, add column webhook_host text, add column webhook_events text[]',

  `create table webhook_delivery (
    id uuid primary key default gen_random_uuid(),
    task_id uuid not null references task (id),
    owner text not null,
    host text not null,
    event text not null check (event in ('CHANGED', 'ENDED')),
    revision integer not null,
    created_at timestamptz not null default clock_timestamp(),
    attempt integer not null default 0,
    due_at timestamptz default date_trunc('milliseconds', clock_timestamp()),
    unique (task_id, event, revision)
  )`,
  // Lanes, each in the order in which it is told.
  'create index webhook_delivery_due on webhook_delivery (owner, host, due_at) where due_at is not null',

  `create table webhook_attempt (
    delivery_id uuid not null references webhook_delivery (id),
    attempt integer not null,
    task_id uuid not null references task (id),
    revision integer not null,
    at timestamptz not null,
    status_code integer,
    error text,
    next_attempt_at timestamptz,
    primary key (delivery_id, attempt)
  )`,
  'create index webhook_attempt_by_task on webhook_attempt (task_id, at)',

  `create table webhook_secret (
    owner text not null,
    secret text not null,
    is_chosen boolean not null,
    created_at timestamptz not null default clock_timestamp(),
    signs_until timestamptz,
    primary key (owner, secret)
  )`,
  // One that signs without an end.
  'create unique index webhook_secret_current on webhook_secret (owner) where signs_until is null',

  // Whatever changes a task's revision owes the deliveries in the same transaction: no statement can forget them.
  `create function record_webhook_deliveries() returns trigger language plpgsql as $$
  begin
    insert into webhook_delivery (task_id, owner, host, event, revision)
    select new.id, new.owner, new.webhook_host, event, new.revision
    from unnest(new.webhook_events) as event
    where event = 'CHANGED' or (
      new.status in ('DONE', 'FAIL')
      and (new.status, new.failure_code) is distinct from (old.status, old.failure_code)
    );
    return null;
  end $$`,
  `create trigger task_webhooks after update on task for each row
    when (new.webhook_events is not null and new.revision is distinct from old.revision)
    execute function record_webhook_deliveries()`,
];
