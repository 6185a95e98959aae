import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TemporarilyUnavailableError } from '../../src/domain/errors.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { outageOf } from '../../src/store/database-outage.ts';
import { createCallersDatabase, createDatabase, type Database } from '../../src/store/database.ts';
import { forOwner } from '../../src/store/fair-pool.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

let server: TestDatabase;
let database: Database;
beforeAll(async () => {
  server = await createTestDatabase();
  database = createDatabase({ ...server.config, max: 4 }, silentLogger);
});
afterAll(async () => {
  await database.destroy();
  await server[Symbol.asyncDispose]();
});

const failureOf = async (text: string, asked = database): Promise<unknown> =>
  await sql
    .raw(text)
    .execute(asked)
    .then(
      () => null,
      (error: unknown) => error,
    );

/** As PostgreSQL raises it. */
const raise = (code: string) => `do $$ begin raise exception using errcode = '${code}', message = 'trouble'; end $$`;

describe('an outage', () => {
  test.each(['53000', '53100', '53200', '53300', '57014', '55P03', '25006'])(
    'is what the server undid for now (%s): it may be sent again',
    async (code) => {
      expect(outageOf(await failureOf(raise(code)))).toBe('undone');
    },
  );

  test.each(['08006', '57P01', '57P02', '57P03', '57P05', '25P03'])(
    'is a lost session (%s), of which nobody knows what was committed',
    async (code) => {
      expect(outageOf(await failureOf(raise(code)))).toBe('in doubt');
    },
  );

  test('is what the server itself says when it cancels a statement, only reads, or ends a session', async () => {
    await using ending = createDatabase({ ...server.config, max: 1 }, silentLogger);
    expect(outageOf(await failureOf("set statement_timeout = '1ms'; select pg_sleep(1)", ending))).toBe('undone');
    expect(outageOf(await failureOf('begin read only; create table x ()', ending))).toBe('undone');
    expect(outageOf(await failureOf('rollback; select pg_terminate_backend(pg_backend_pid())', ending))).toBe(
      'in doubt',
    );
  });

  test('is a connection that breaks under a statement, and one that answers nothing', async () => {
    await using proxy = await startTcpProxy(server.config);
    const connection = { ...server.config, host: '127.0.0.1', port: proxy.port, query_timeout: 50 };
    await using proxied = createDatabase(connection, silentLogger);
    const broken = failureOf('select pg_sleep(10)', proxied);
    await expect.poll(() => proxy.accepted()).toBe(1);
    proxy.cut();
    expect(outageOf(await broken)).toBe('in doubt');
    expect(outageOf(await failureOf('select pg_sleep(10)', proxied))).toBe('in doubt');
  });

  test.each([
    ['is gone', 'no-such-host.invalid'],
    ['refuses', '127.0.0.1'],
    ['is no socket', '/nowhere'],
  ])('is a server that %s: nothing was sent', async (_what, host) => {
    await using away = createCallersDatabase({ ...server.config, host, port: 1 }, silentLogger);
    const failure = await failureOf('select 1', away);
    expect(failure).toBeInstanceOf(TemporarilyUnavailableError);
    expect(outageOf(failure)).toBe('undone');
  });

  test('is no connection for the gateway’s own work either', async () => {
    await using away = createDatabase({ ...server.config, host: '/nowhere' }, silentLogger);
    expect(outageOf(await failureOf('select 1', away))).toBe('undone');
  });

  test('is a database that lets nobody in', async () => {
    await using away = createCallersDatabase({ ...server.config, database: 'there_is_none' }, silentLogger);
    expect(outageOf(await failureOf('select 1', away))).toBe('undone');
  });
});

describe('no outage', () => {
  test.each([
    ['a mistake in a statement', 'select from nowhere'],
    ['a value that can not be read', "select 'x'::uuid"],
    ['a row that breaks a rule', 'insert into api_key default values'],
    ['a division by zero', 'select 1 / 0'],
    ['a deadlock', raise('40P01')],
  ])('is %s', async (_what, text) => {
    const failure = await failureOf(text);
    expect(failure).toBeInstanceOf(Error);
    expect(outageOf(failure)).toBeNull();
    // For its caller it stays what it was, so that it is logged with where it happened.
    await expect(forOwner('ada', () => sql.raw(text).execute(database))).rejects.not.toBeInstanceOf(
      TemporarilyUnavailableError,
    );
  });

  test('is a mistake of the program', () => {
    expect(outageOf(new TypeError('x is not a function'))).toBeNull();
    expect(outageOf(Object.assign(new Error('no such file'), { code: 'ENOENT' }))).toBeNull();
  });
});
