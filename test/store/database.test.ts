import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { databaseTime } from '../../src/store/database-time.ts';
import { createTestDatabase } from '../support/database.ts';

test('a connection that breaks under a statement fails the statement, not the process, and is replaced', async () => {
  await using server = await createTestDatabase();
  await using database = createDatabase(server.config, silentLogger);
  await using other = createDatabase(server.config, silentLogger);
  const sleeping = sql`select pg_sleep(60)`.execute(database).catch((error: unknown) => error);
  const terminate = sql<{ done: boolean }>`
    select pg_terminate_backend(pid) as done from pg_stat_activity
    where datname = ${server.name} and query like '%pg_sleep(60)%' and state = 'active' and pid <> pg_backend_pid()`;
  await expect.poll(async () => (await terminate.execute(other)).rows).toHaveLength(1);
  expect(await sleeping).toBeInstanceOf(Error);
  // Had it been an uncaught error, the test run would say so.
  await expect.poll(() => databaseTime(database).catch(() => null)).toBeInstanceOf(Date);
});

test('connections that break while nobody uses them are replaced', async () => {
  await using server = await createTestDatabase();
  await using database = createDatabase(server.config, silentLogger);
  await using other = createDatabase(server.config, silentLogger);
  await Promise.all([databaseTime(database), databaseTime(database)]);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = ${server.name} and pid <> pg_backend_pid()`.execute(other);
  await expect.poll(() => databaseTime(database).catch(() => null)).toBeInstanceOf(Date);
});
