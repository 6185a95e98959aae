import { sql, type Kysely } from 'kysely';

/** Who schedules an account, what is being watched, and how long the models take. */
export async function up(database: Kysely<never>): Promise<void> {
  await sql`create table account_lease (
    account text primary key,
    holder text not null,
    epoch bigint not null,
    expires_at timestamptz not null
  )`.execute(database);

  // Worth nothing after a crash of the database, so not worth a log.
  await sql`create unlogged table task_watch (
    task_id uuid primary key,
    until timestamptz not null
  )`.execute(database);

  // The order in which the scheduler will send what is held, as far as it keeps it in memory: for estimates.
  await sql`create unlogged table held_order (
    account text not null,
    kind text not null,
    task_ids uuid[] not null,
    per_second double precision not null,
    primary key (account, kind)
  )`.execute(database);

  await sql`create table model_duration (
    account text not null,
    kind text not null,
    model text not null,
    version text not null,
    clock text not null,
    memory integer not null,
    score double precision not null,
    events real[] not null,
    exposure real[] not null,
    updated_at timestamptz not null default clock_timestamp(),
    primary key (account, kind, model, version, clock, memory)
  )`.execute(database);
}
