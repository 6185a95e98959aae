import { sql } from 'kysely';
import type { Database } from '../../src/store/database.ts';
import { account } from './open-store.ts';

/** Of 1,000 tasks, one owner has nearly all, one a hundred, and one a single task. */
export const owners = { busy: 'owner-busy', usual: 'owner-usual', small: 'owner-small' };

/**
 * What plans depend on, in exact numbers, which src/seed does not give: three owners of very different sizes, some tasks that
 * have not ended, and words that are common, rare, or common for one owner only. One statement makes them all.
 */
export async function seedManyTasks(database: Database, count: number): Promise<void> {
  const { rows: indexes } = await sql<{ name: string; definition: string }>`
    select indexname as name, indexdef as definition from pg_indexes
    where tablename in ('task', 'task_words') and indexname not like '%_pkey'`.execute(database);
  await database.connection().execute(async (connection) => {
    // Foreign keys and indexes one row at a time would take longer than all the rest.
    await sql`set session_replication_role = replica`.execute(connection);
    await sql`set maintenance_work_mem = '256MB'`.execute(connection);
    for (const { name } of indexes) await sql`drop index ${sql.id(name)}`.execute(connection);
    await insertTasks(count).execute(connection);
    await sql`insert into task_progress (task_id) select id from task`.execute(connection);
    await insertWords.execute(connection);
    for (const { definition } of indexes) await sql.raw(definition).execute(connection);
    await sql`vacuum analyze task, task_progress, task_words`.execute(connection);
    await sql`reset session_replication_role`.execute(connection);
  });
}

const beginning = Date.UTC(2025, 0, 1);

/** One a second, in the order of their numbers. */
export function momentOfNumber(number: number): Date {
  return new Date(beginning + number * 1_000);
}

export function idOfNumber(number: number): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const time = hex(momentOfNumber(number).getTime(), 12);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(number % 4_096, 3)}-8000-${hex(number, 12)}`;
}

/** The same as in idOfNumber(). */
const idOf = sql`(lpad(to_hex(${beginning}::bigint + number * 1000::bigint), 12, '0') || '7' ||
  lpad(to_hex(number % 4096), 3, '0') || '8000' || lpad(to_hex(number), 12, '0'))::uuid`;

const insertTasks = (count: number) => sql`
  insert into task (id, owner, account, kind, mode, state, status, prompt, model_name, operator,
    failure_code, created_at, updated_at)
  select id, case when number % 1000 = 1 then ${owners.small} when number % 10 = 3 then ${owners.usual} else ${owners.busy} end,
    ${account}, kind, case kind when 'AUDIO' then 'TEXT_TO_AUDIO' else 'TEXT_TO_' || kind end,
    case when status in ('DONE', 'FAIL') then 'ended' else 'submitted' end, status,
    prompt, model, 'operator-' || number % 7,
    case when status = 'FAIL' then case when number % 997 = 0 then 'NOT_FOUND' else 'GENERATION_FAILED' end end,
    made_at, made_at
  from (
    select number, ${idOf} as id, to_timestamp(${beginning}::bigint / 1000 + number) as made_at,
      case when number % 50 = 7 then 'AUDIO' when number % 3 = 0 then 'VIDEO' else 'IMAGE' end as kind,
      case when number > ${count} - 60 and number % 2 = 0 then 'RUN' when number > ${count} - 60 then 'WAIT'
        when number % 25 = 0 or number % 997 = 0 then 'FAIL' else 'DONE' end as status,
      case when number % 2000 = 0 then 'Mingmou' else (array['Hunyuan', 'Kling', 'Vidu'])[1 + number % 3] end as model,
      'a lighthouse at dusk' || case when number % 20000 in (5, 19900) then ' zeppelin' else '' end
        || case when number % 10 = 3 then ' castle' else '' end as prompt
    from generate_series(1, ${count}::integer) as number
  ) as made`;

const insertWords = sql`
  insert into task_words (task_id, owner, words) select id, owner, string_to_array(mark || replace(prompt, ' ', ' ' || mark), ' ')
  from task cross join lateral (select left(encode(sha256(owner::bytea), 'hex'), 8) || ':' as mark) as marked`;
