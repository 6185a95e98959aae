import { Kysely, PostgresDialect, sql } from 'kysely';
import { expect, test } from 'vitest';
import { TemporarilyUnavailableError } from '../../src/domain/errors.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { databaseTime } from '../../src/store/database-time.ts';
import { createCallersDatabase, createDatabase, createPool, type Database } from '../../src/store/database.ts';
import { createFairPool, forOwner } from '../../src/store/fair-pool.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { createOutageLog } from '../../src/store/outage-log.ts';
import type { Tables } from '../../src/store/tables.ts';
import { createTestDatabase } from '../support/database.ts';

/** How many of Mallory's hundred statements were answered before Ada's, which came last. */
async function answeredBeforeAda(database: Database): Promise<number> {
  let answered = 0;
  const ask = (owner: string) => forOwner(owner, () => databaseTime(database));
  const ofMallory = Array.from({ length: 100 }, () => ask('mallory').then(() => (answered += 1)));
  await ask('ada');
  const before = answered;
  await Promise.all(ofMallory);
  return before;
}

test('however many statements of one owner wait, another one’s is next but one', async () => {
  await using server = await createTestDatabase();
  const connection = { ...server.config, max: 2 };
  await using fair = createCallersDatabase(connection, silentLogger);
  expect(await answeredBeforeAda(fair)).toBeLessThan(10);
  // The control: in the order of arrival.
  await using usual = createDatabase(connection, silentLogger);
  expect(await answeredBeforeAda(usual)).toBeGreaterThan(90);
});

test('who gets no connection in time is told that it may try again; those after it get theirs', async () => {
  await using server = await createTestDatabase();
  const pool = createPool({ ...server.config, max: 1 }, silentLogger);
  await using database = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: createFairPool(pool, 20, createOutageLog(silentLogger, systemClock)) }),
  });
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const holding = database.connection().execute(() => held);
  await expect(databaseTime(database)).rejects.toBeInstanceOf(TemporarilyUnavailableError);
  letGo();
  await holding;
  expect(await databaseTime(database)).toBeInstanceOf(Date);
});

test('a failed statement, and a connection that breaks, give their place back', async () => {
  await using server = await createTestDatabase();
  await using database = createCallersDatabase({ ...server.config, max: 1 }, silentLogger);
  for (let time = 0; time < 3; time += 1) {
    await expect(sql`select 1 / 0`.execute(database)).rejects.toThrow();
    await expect(sql`select pg_terminate_backend(pg_backend_pid())`.execute(database)).rejects.toThrow();
  }
  await expect.poll(() => databaseTime(database).catch(() => null)).toBeInstanceOf(Date);
});

test('the gateway’s own work has connections, whatever callers hold', async () => {
  await using server = await createTestDatabase();
  const options = { databaseUrl: server.connectionString, databaseListenUrl: null, dataDirectory: '' };
  await using open = await openDatabase(options, silentLogger);
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  let taken = 0;
  const holding = Array.from({ length: 50 }, () =>
    open.callersDatabase.connection().execute(() => {
      taken += 1;
      return held;
    }),
  );
  await expect.poll(() => taken).toBe(16);
  expect(await databaseTime(open.database)).toBeInstanceOf(Date);
  letGo();
  await Promise.all(holding);
});
