import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool, type PoolConfig } from 'pg';
import type { Tables } from '../../src/store/tables.ts';
import { indexedWords } from '../../src/store/search-words.ts';
import { benchAccount, localOwner } from './bench-gateway.ts';

const prompt =
  'A lighthouse on a cliff at dusk, long exposure, waves breaking below, warm light in the windows, number';

/**
 * Tasks of one owner as a week of work leaves them: images, videos and audio, one in twenty failed, each with its
 * request, its files and three or four transitions.
 */
export async function seedTasks(connection: PoolConfig, count: number): Promise<void> {
  // Not the gateway's own pool, whose statements may not take as long.
  const pool = new Pool({ max: 1, ...connection });
  await using database = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  await database.transaction().execute(async (transaction) => {
    // The rows refer to each other by construction: checking each would take most of the time.
    await sql`set local session_replication_role = replica`.execute(transaction);
    for (const statement of [insertTasks(count), insertProgress, insertWords, insertEvents]) {
      await statement.execute(transaction);
    }
  });
  await sql`vacuum analyze task, task_progress, task_words, task_event`.execute(database);
}

const insertTasks = (count: number) => sql`
  insert into task (
    id, owner, account, kind, mode, state, status, revision, request, prompt, model_name, model_version, operator,
    upstream_task_id, files, files_expire_at, resolution, failure_code, failure,
    created_at, updated_at, submitted_at, started_at, ended_at
  )
  select
    id, ${localOwner}, ${benchAccount}, kind,
    case kind when 'AUDIO' then 'TEXT_TO_AUDIO' else 'TEXT_TO_' || kind end,
    'ended', case when failed then 'FAIL' else 'DONE' end, case when failed then 3 else 4 end,
    jsonb_build_object(
      'kind', kind, 'prompt', prompt, 'operator', operator,
      'model', jsonb_build_object('name', model, 'version', '2.1'), 'aspectRatio', '16:9', 'resolution', '1080P'
    ),
    prompt, model, '2.1', operator, '4-Aigc' || kind || '-' || md5(id::text),
    case when failed then '[]'::jsonb else jsonb_build_array(
      jsonb_build_object('type', kind, 'url', 'https://results.example.com/' || md5(id::text) || '/0', 'duration', 5)
    ) end,
    case when not failed then made_at + interval '12 hours' end,
    case when kind = 'VIDEO' and not failed then '1920x1080' end,
    case when failed then 'GENERATION_FAILED' end,
    case when failed then jsonb_build_object(
      'message', 'The content was refused by the model', 'upstreamCode', null, 'requestId', md5(id::text), 'retryable', false
    ) end,
    made_at, made_at + interval '90 seconds', made_at + interval '1 second', made_at + interval '5 seconds',
    made_at + interval '90 seconds'
  from (
    select
      id, uuid_extract_timestamp(id) as made_at, number % 20 = 0 as failed,
      (array['IMAGE', 'VIDEO', 'VIDEO', 'AUDIO'])[1 + number % 4] as kind,
      (array['Hunyuan', 'Kling', 'Vidu', 'MiniMaxMusic'])[1 + number % 4] as model,
      'operator-' || number % 30 as operator, ${prompt} || ' ' || number as prompt
    from (
      select number, uuidv7(make_interval(secs => (number - ${count}::integer) * 6 - 1)) as id
      from generate_series(1, ${count}::integer) as number
    ) as numbered
  ) as made`;

const insertProgress = sql`
  insert into task_progress (task_id, last_polled_at, poll_count, last_unfinished_at)
  select id, ended_at, 9, ended_at - interval '4 seconds' from task`;

/** As the store marks an owner's words. */
const [mark] = indexedWords(localOwner, ['']);

const insertWords = sql`
  insert into task_words (task_id, owner, words) select id, owner, string_to_array(${mark} || replace(lower(prompt), ' ', ' ' || ${mark}), ' ') from task`;

const insertEvents = sql`
  insert into task_event (task_id, revision, status, at, message, request_id)
  select id, step, case when step < 3 then 'WAIT' when step = revision then status else 'RUN' end,
    created_at + step * interval '20 seconds', case when step = revision then 'ok' end, md5(id::text)
  from task cross join lateral generate_series(1, revision) as step`;
