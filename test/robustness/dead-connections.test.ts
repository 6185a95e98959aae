import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { createTestDatabase } from '../support/database.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const connections = 6;

async function ask(database: Database): Promise<boolean> {
  const asked = sql`select pg_sleep(0.01)`.execute(database);
  return await asked.then(
    () => true,
    () => false,
  );
}

test('connections that died without a word are given up after one question each', async () => {
  await using testDatabase = await createTestDatabase();
  await using proxy = await startTcpProxy(testDatabase.config);
  const connection = { ...testDatabase.config, host: '127.0.0.1', port: proxy.port, query_timeout: 100 };
  const database = createDatabase(connection, silentLogger);
  await Promise.all(Array.from({ length: connections }, () => ask(database)));
  expect(proxy.accepted()).toBe(connections);

  proxy.freeze();
  const answers = await Promise.all(Array.from({ length: connections }, () => ask(database)));
  expect(answers).toEqual(answers.map(() => false));
  expect(await ask(database)).toBe(true);

  // Nor is closing held up by those that nobody has asked since.
  proxy.freeze();
  await database.destroy();
});

test('a statement that is refused costs no connection', async () => {
  await using testDatabase = await createTestDatabase();
  await using proxy = await startTcpProxy(testDatabase.config);
  await using database = createDatabase({ ...testDatabase.config, host: '127.0.0.1', port: proxy.port }, silentLogger);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await expect(sql`select 1 / 0`.execute(database)).rejects.toThrow('division by zero');
  }
  expect(proxy.accepted()).toBe(1);
});
