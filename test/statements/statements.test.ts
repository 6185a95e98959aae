import { sql } from 'kysely';
import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { migrations } from '../../migrations/index.ts';
import type { Migration } from '../../src/store/migration.ts';
import { boundOf, findRecordedReleases, readStatements, type Statement } from './statements.ts';

/** What became of the statements that don't do what they did at their release, by their texts. */
type Failures = Record<string, string>;

async function replay(database: TestDatabase, statements: readonly Statement[]): Promise<Failures> {
  const client = new Client(database.config);
  await client.connect();
  try {
    await freeOfForeignKeys(client);
    const failures: Failures = {};
    for (const statement of statements) {
      const failure = await replayOne(client, statement);
      if (failure !== null) failures[statement.sql] = failure;
    }
    return failures;
  } finally {
    await client.end();
  }
}

/** The examples are single ones of many executions: what they refer to is not always among them. */
async function freeOfForeignKeys(client: Client): Promise<void> {
  await client.query(`do $$ declare one record; begin
    for one in select conrelid::regclass as relation, conname from pg_constraint
      where contype = 'f' and connamespace = 'public'::regnamespace
    loop execute format('alter table %s drop constraint %I', one.relation, one.conname); end loop;
  end $$`);
}

/** null: it is accepted, and answers the same columns. */
async function replayOne(client: Client, { sql: text, parameters, columns }: Statement): Promise<string | null> {
  try {
    const { fields } = await client.query(text, parameters.map(boundOf));
    const names = fields.map(({ name }) => name);
    return names.join() === columns.join() ? null : `answers ${names.join()}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function change(database: TestDatabase, ...statements: string[]): Promise<void> {
  const up: Migration['up'] = async (open) => {
    for (const text of statements) await sql.raw(text).execute(open);
  };
  await migrate(database.config, silentLogger, { migrations: { ...migrations, '9999-invented': { up } } });
}

/** As much as a migration may add: a column to each table, a table, an index, a trigger that writes. */
const additions = [
  `do $$ declare name text; begin
    for name in select tablename from pg_tables where schemaname = 'public'
    loop execute format('alter table %I add column invented text', name); end loop;
  end $$`,
  'create table invention (task_id uuid, at timestamptz not null default now())',
  'create index task_by_invention on task (owner, invented)',
  `create function record_invention() returns trigger language plpgsql as $$
    begin insert into invention (task_id) values (new.id); return null; end $$`,
  'create trigger task_inventions after insert or update on task for each row execute function record_invention()',
];

const releases = await findRecordedReleases();

test('there are statements of a release', () => {
  expect(releases).not.toEqual([]);
});

describe.each(releases)('the statements of release %s', (release) => {
  test('are served by the newest schema', async () => {
    await using database = await createTestDatabase();
    expect(await replay(database, await readStatements(release))).toEqual({});
  });

  test('are served by one with additions, too', async () => {
    await using database = await createTestDatabase();
    await change(database, ...additions);
    expect(await replay(database, await readStatements(release))).toEqual({});
  });

  test.each([
    [
      'a column is dropped',
      'alter table task drop column operator',
      'column "operator" of relation "task" does not exist',
    ],
    ['one is renamed', 'alter table task_progress rename poll_count to polls', 'poll_count does not exist'],
    ['a new one must be given', 'alter table task add column tenant text not null', 'violates not-null constraint'],
    ['a table is gone', 'drop table task_watch', 'relation "task_watch" does not exist'],
  ])('control: they show that %s', async (_change, statement, message) => {
    await using database = await createTestDatabase();
    await change(database, statement);
    const failures = Object.values(await replay(database, await readStatements(release)));
    expect(failures.some((failure) => failure.includes(message))).toBe(true);
  });
});

test('control: what counts on the columns that there are shows, too', async () => {
  await using database = await createTestDatabase();
  const [every] = [{ sql: 'select * from shared_secret', parameters: [], columns: ['name', 'secret', 'created_at'] }];
  expect(await replay(database, every ? [every] : [])).toEqual({});
  await change(database, ...additions);
  expect(await replay(database, every ? [every] : [])).toEqual({
    'select * from shared_secret': 'answers name,secret,created_at,invented',
  });
});
