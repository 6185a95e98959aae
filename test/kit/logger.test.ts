import { GraphQLError } from 'graphql';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger, silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { openStore, type TestStore } from '../store/open-store.ts';

const secret = 'a_secret_prompt';
let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store[Symbol.asyncDispose]());

/** How PostgreSQL quotes what it was given: beside the message, and within it. */
const quoting = {
  'a row': `insert into api_key (id, owner, name) values ('an id', '${secret}', 'x')`,
  'a value': `select '${secret} "in \n quotes"'::uuid`,
  'a value of JSON': `select '{"prompt": ${secret}}'::jsonb`,
  'a statement within a function': `do $$ begin execute 'select ''${secret}''::integer'; end $$`,
  'a key': `insert into api_key (id, owner, name, secret_hash) select '${secret}', 'o', 'n', '' from generate_series(1, 2)`,
};
const statements = Object.entries(quoting);

/** From a connection that is none of ours. */
async function failureOf(statement: string): Promise<Error> {
  const client = new pg.Client(store.connection);
  await client.connect();
  const failure: unknown = await client.query(statement).catch((error: unknown) => error);
  await client.end();
  if (!(failure instanceof Error)) throw new Error('It did not fail.');
  return failure;
}

function logged(fields: object): string {
  let line = '';
  createLogger('info', { write: (text) => void (line += text) }).error(fields, 'it failed');
  return line;
}

const wrappings: [string, (failure: Error) => Error][] = [
  ['by itself', (failure) => failure],
  ['as a cause', (failure) => new Error(`It failed: ${failure.message}`, { cause: failure })],
  ['as a cause of a cause', (failure) => new Error('Outside', { cause: new Error('Inside', { cause: failure }) })],
  ['among several', (failure) => new AggregateError([new Error('another'), failure], `All failed: ${failure.message}`)],
  [
    'in an error of GraphQL',
    (failure) => new GraphQLError(failure.message, { originalError: failure, path: ['tasks'] }),
  ],
  ['in a field', (failure) => Object.assign(new Error('It failed'), { reason: failure })],
];

test.each(wrappings)('no row that PostgreSQL quotes reaches the log: %s', async (_how, wrap) => {
  for (const [what, statement] of statements) {
    const failure = await failureOf(statement);
    expect(`${failure.message} ${JSON.stringify(failure)}`, what).toContain(secret);
    const line = logged({ err: wrap(failure) });
    expect(line, what).toContain('"stack"');
    expect(line, what).not.toContain(secret);
  }
});

test('an error of the database is logged with its code, its table and where it happened', async () => {
  const failure = await failureOf(quoting['a row']);
  expect(JSON.parse(logged({ err: failure }))).toMatchObject({
    msg: 'it failed',
    err: {
      code: '23502',
      table: 'api_key',
      message: 'null value in column "secret_hash" of relation "api_key" violates not-null constraint',
      stack: expect.stringContaining('at '),
    },
  });
  const aboutValue = await failureOf(quoting['a value']);
  expect(JSON.parse(logged({ err: aboutValue }))).toMatchObject({
    err: { code: '22P02', message: 'invalid input syntax for type uuid …' },
  });
});

test('what our own connections tell quotes no row, however it is told on', async () => {
  await using database = createDatabase(store.connection, silentLogger);
  for (const [what, statement] of statements) {
    const failure: unknown = await sql
      .raw(statement)
      .execute(database)
      .catch((error: unknown) => error);
    expect(failure, what).toBeInstanceOf(pg.DatabaseError);
    const told = [String(failure), JSON.stringify(failure), failure instanceof Error ? failure.stack : ''].join('\n');
    expect(told, what).not.toContain(secret);
  }
});
