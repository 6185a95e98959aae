import { sql, type Kysely } from 'kysely';

/**
 * One key for all that a list can be filtered by, but the operator, the time and words: an owner has few different ones, and
 * a page of any combination of filters is merged from those that it selects.
 */
export async function up(database: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  // A digest, because a name of a model may be long. The slash stands in no value before the name.
  `alter table task add column filter_key bigint not null generated always as (
    ('x' || left(md5(
      kind || '/' || mode || '/' || status || '/' || coalesce(failure_code, '') || '/' || coalesce('=' || model_name, '')
    ), 16))::bit(64)::bigint
  ) stored`,
  'create index task_by_filter_key on task (owner, filter_key, id)',
  'create index task_by_operator_and_key on task (owner, operator, filter_key, id) where operator is not null',
  // What an owner has in flight, for its quota: few rows of many.
  `create index task_unfinished on task (owner, account, id) where state <> 'ended'`,
  'drop index task_by_kind',
  'drop index task_by_mode',
  'drop index task_by_status',
  'drop index task_by_failure',
  'drop index task_by_model',
  'drop index task_by_operator',
];
