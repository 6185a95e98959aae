import { sql, type Kysely } from 'kysely';

/** Tasks, what every poll touches beside them, their words for search, and their history. */
export async function up(database: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  `create table task (
    id uuid primary key,
    owner text not null,
    account text not null,
    kind text not null check (kind in ('IMAGE', 'VIDEO', 'AUDIO')),
    mode text not null,
    state text not null check (state in ('held', 'submitting', 'submitted', 'ended')),
    status text not null check (status in ('WAIT', 'RUN', 'DONE', 'FAIL')),
    revision integer not null default 1,
    request jsonb,
    prompt text,
    model_name text,
    model_version text,
    operator text,
    warnings text[] not null default '{}',
    retry_of uuid references task (id),
    idempotency_key text,
    request_hash text,
    attempt integer not null default 0,
    attempt_epoch bigint,
    submitting_since timestamptz,
    cancel_requested boolean not null default false,
    upstream_task_id text,
    files jsonb not null default '[]',
    files_expiry text not null default 'at' check (files_expiry in ('at', 'never', 'unknown')),
    files_expire_at timestamptz,
    resolution text,
    failure_code text,
    failure jsonb,
    created_at timestamptz not null,
    updated_at timestamptz not null default clock_timestamp(),
    submitted_at timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    check ((status = 'FAIL') = (failure_code is not null)),
    check ((state = 'ended') = (status in ('DONE', 'FAIL')))
  )`,
  'create unique index task_idempotency on task (owner, idempotency_key) where idempotency_key is not null',
  // Without a key, a failed task is retried once.
  'create unique index task_retry on task (owner, retry_of) where retry_of is not null and idempotency_key is null',
  'create unique index task_upstream on task (account, upstream_task_id) where upstream_task_id is not null',
  // Lists: keyset pages by (owner, id), alone and behind each filter.
  'create index task_by_owner on task (owner, id)',
  'create index task_by_kind on task (owner, kind, id)',
  'create index task_by_mode on task (owner, mode, id)',
  'create index task_by_status on task (owner, status, id)',
  'create index task_by_failure on task (owner, failure_code, id) where failure_code is not null',
  'create index task_by_model on task (owner, model_name, id) where model_name is not null',
  'create index task_by_operator on task (owner, operator, id) where operator is not null',
  // Live: what changed since a moment.
  'create index task_by_change on task (owner, updated_at)',
  // The scheduler: what waits to be sent, what runs, and what timed out but may still end.
  `create index task_held on task (account, kind, id) where state = 'held'`,
  `create index task_in_flight on task (account, state, id) where state in ('submitting', 'submitted')`,
  `create index task_timed_out on task (account, ended_at) where failure_code = 'TIMED_OUT'`,

  // Narrow and roomy, so that a poll is an in-place update that touches no index.
  `create table task_progress (
    task_id uuid primary key references task (id),
    last_polled_at timestamptz,
    poll_count integer not null default 0,
    last_unfinished_at timestamptz,
    last_wait_at timestamptz,
    run_started_at timestamptz,
    missing_count integer not null default 0,
    missing_since timestamptz
  ) with (fillfactor = 50)`,

  `create table task_words (
    task_id uuid primary key references task (id),
    owner text not null,
    words text[] not null
  )`,
  'create index task_words_index on task_words using gin (words)',

  `create table task_event (
    task_id uuid not null references task (id),
    revision integer not null,
    status text not null,
    at timestamptz not null,
    message text,
    request_id text,
    primary key (task_id, revision)
  )`,
];
