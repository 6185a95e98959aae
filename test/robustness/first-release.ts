import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { PoolConfig } from 'pg';
import { v7 as createId } from 'uuid';
import { migrations } from '../../migrations/index.ts';
import { createPool } from '../../src/store/database.ts';
import { indexedWords } from '../../src/store/search-words.ts';
import { silentLogger } from '../../src/kit/logger.ts';

/** A database as release 0.1.0 leaves it. */
export type FirstRelease = AsyncDisposable & {
  database: Kysely<never>;
  /** Tasks of some months, all over, as it recorded them: of `owners.local` nine in ten. */
  fillHistory(account: string, count: number): Promise<void>;
  /** One task with its progress, its words and its history. What is not named is as in a task that was just created. */
  insertTask(columns: Columns & { words?: string[] }): Promise<string>;
  insert(table: string, columns: Columns): Promise<void>;
  addJob(name: string, payload: object, key: string): Promise<void>;
};

export type Columns = Record<string, unknown>;

/** Whom a gateway without authentication takes all callers for, and another owner. */
export const owners = { local: 'local', other: 'grace' };

/** What release 0.1.0 has of migrations. */
const known = Object.fromEntries(Object.entries(migrations).filter(([name]) => name < '0008'));

/** As much as there has to be of the schema of the library that ran its jobs. */
const jobLibrary = [
  'create schema graphile_worker',
  'create table graphile_worker._private_tasks (id integer generated always as identity primary key, identifier text unique)',
  `create table graphile_worker._private_jobs (
    id bigint generated always as identity primary key,
    task_id integer not null references graphile_worker._private_tasks (id),
    payload json not null,
    key text unique
  )`,
  `create view graphile_worker.jobs as
    select job.id, task.identifier as task_identifier, job.key
    from graphile_worker._private_jobs as job join graphile_worker._private_tasks as task on task.id = job.task_id`,
  `create function graphile_worker.add_job(identifier text, payload json, job_key text)
    returns setof graphile_worker._private_jobs language sql as $$
    insert into graphile_worker._private_tasks (identifier) values (identifier) on conflict do nothing;
    insert into graphile_worker._private_jobs (task_id, payload, key)
      select id, payload, job_key from graphile_worker._private_tasks as task where task.identifier = add_job.identifier
      returning *
  $$`,
];

export async function openFirstRelease(connection: PoolConfig): Promise<FirstRelease> {
  // Without the gateway's limits on statements.
  const pool = createPool({ ...connection, max: 4, query_timeout: 0, limits: null }, silentLogger);
  const database = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  const { error } = await new Migrator({
    db: database,
    provider: { getMigrations: async () => known },
  }).migrateToLatest();
  if (error !== undefined) throw error;
  for (const statement of jobLibrary) await sql.raw(statement).execute(database);

  const insert = async (table: string, columns: Columns): Promise<void> => {
    const names = sql.join(Object.keys(columns).map((name) => sql.id(name)));
    await sql`insert into ${sql.table(table)} (${names}) values (${sql.join(Object.values(columns))})`.execute(
      database,
    );
  };

  return {
    database,
    insert,
    fillHistory: (account, count) => fillHistory(database, account, count),
    async insertTask({ words, ...columns }) {
      const id = createId();
      const { prompt, status = 'WAIT' } = columns;
      const request = JSON.stringify({ kind: 'IMAGE', prompt });
      const common = { id, owner: owners.local, kind: 'IMAGE', mode: 'TEXT_TO_IMAGE', state: 'held', status };
      await insert('task', { ...common, request, created_at: new Date(), ...columns });
      await insert('task_progress', { task_id: id });
      await insert('task_words', {
        task_id: id,
        owner: owners.local,
        words: indexedWords(owners.local, words ?? String(prompt).split(' ')),
      });
      await insert('task_event', { task_id: id, revision: 1, status: 'WAIT', at: new Date() });
      return id;
    },
    async addJob(name, payload, key) {
      await sql`select graphile_worker.add_job(${name}::text, ${JSON.stringify(payload)}::json,
        ${key}::text)`.execute(database);
    },
    [Symbol.asyncDispose]: () => database.destroy(),
  };
}

async function fillHistory(database: Kysely<never>, account: string, count: number): Promise<void> {
  await database.transaction().execute(async (open) => {
    // The rows refer to each other by construction: checking each would take most of the time.
    await sql`set local session_replication_role = replica`.execute(open);
    // So would indexes, one row at a time.
    const indexes = await dropIndexes(open);
    for (const statement of [insertTasks(account, count), insertProgress, insertWords, insertEvents]) {
      await statement.execute(open);
    }
    for (const definition of indexes) await sql.raw(definition).execute(open);
  });
  await sql`analyze`.execute(database);
}

/** Answers how they are made again. */
async function dropIndexes(open: Kysely<never>): Promise<string[]> {
  const { rows } = await sql<{ name: string; definition: string }>`
    select indexname as name, indexdef as definition from pg_indexes
    where tablename in ('task', 'task_words') and indexname not like '%_pkey'`.execute(open);
  for (const { name } of rows) await sql`drop index ${sql.id(name)}`.execute(open);
  return rows.map(({ definition }) => definition);
}

/** The hash of a request as it was computed then: over the operation and the canonical JSON. */
const requestHash = sql`encode(sha256(convert_to(
  'create IMAGE' || chr(10) || '{"kind":"IMAGE","prompt":' || to_json(prompt) || '}', 'UTF8')), 'hex')`;

const insertTasks = (account: string, count: number) => sql`
  insert into task (
    id, owner, account, kind, mode, state, status, revision, request, prompt, model_name, operator, idempotency_key,
    request_hash, attempt, attempt_epoch, upstream_task_id, files, files_expire_at, archive_state, archived_at,
    failure_code, failure, created_at, updated_at, submitted_at, started_at, ended_at
  )
  select
    id, owner, ${account}, 'IMAGE', 'TEXT_TO_IMAGE', 'ended', case when code is null then 'DONE' else 'FAIL' end,
    2, jsonb_build_object('kind', 'IMAGE', 'prompt', prompt), prompt,
    (array['Hunyuan', 'Kling', 'Vidu'])[1 + number % 3], 'operator-' || number % 7, 'key-' || number,
    ${requestHash}, 1, 7,
    case when code is distinct from 'REJECTED' and code is distinct from 'CANCELED' then '4-AigcImage-' || md5(id::text) end,
    case when code is null then jsonb_build_array(
      jsonb_build_object('type', 'IMAGE', 'url', 'https://results.example.com/' || number, 'duration', null)
    ) else '[]' end,
    case when code is null then made_at + interval '12 hours' end,
    case when code is null and number % 4 = 0 then 'given-up' end,
    case when code is null and number % 4 = 0 then made_at + interval '1 minute' end,
    code,
    case when code is not null then jsonb_build_object(
      'message', 'It failed.', 'upstreamCode', null, 'requestId', md5(id::text), 'retryable', false
    ) end,
    made_at, made_at + interval '90 seconds', made_at + interval '1 second', made_at + interval '5 seconds',
    made_at + interval '90 seconds'
  from (
    select number, made_at, case when number % 10 = 3 then ${owners.other} else ${owners.local} end as owner,
      (lpad(to_hex((extract(epoch from made_at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(number % 4096), 3, '0') ||
        '8000' || lpad(to_hex(number), 12, '0'))::uuid as id,
      'a lighthouse at dusk' || case when number % 100 = 0 then ' style:anime' else '' end as prompt,
      case when number % 20 = 0 then (array['GENERATION_FAILED', 'REJECTED', 'SUBMISSION_UNCONFIRMED', 'CANCELED',
        'TIMED_OUT', 'NOT_FOUND'])[1 + number / 20 % 6] end as code
    from (
      select number, date_trunc('second', now()) - interval '2 days' - (${count}::integer - number) * interval '1 minute' as made_at
      from generate_series(1, ${count}::integer) as number
    ) as numbered
  ) as made`;

const insertProgress = sql`
  insert into task_progress (task_id, last_polled_at, poll_count, last_unfinished_at)
  select id, ended_at, 9, ended_at - interval '4 seconds' from task`;

/** Words as they were then: `style:anime` is one. */
const insertWords = sql`
  insert into task_words (task_id, owner, words) select id, owner, string_to_array(mark || replace(prompt, ' ', ' ' || mark), ' ')
  from task cross join lateral (select left(encode(sha256(owner::bytea), 'hex'), 8) || ':' as mark) as marked`;

const insertEvents = sql`
  insert into task_event (task_id, revision, status, at, request_id)
  select id, step, case when step = revision then status else 'WAIT' end,
    created_at + step * interval '20 seconds', md5(id::text)
  from task cross join lateral generate_series(1, revision) as step`;
