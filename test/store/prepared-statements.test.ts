import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { findHistories } from '../../src/store/find-histories.ts';
import { listTasks } from '../../src/store/list-tasks.ts';
import { createTestDatabase } from '../support/database.ts';

const owner = 'ada';

async function countPrepared(database: Database): Promise<number> {
  const { rows } = await sql`select from pg_prepared_statements`.execute(database);
  return rows.length;
}

async function readTwice(database: Database): Promise<void> {
  for (const id of ['01890000-0000-7000-8000-000000000001', '01890000-0000-7000-8000-000000000002']) {
    await findHistories(database, owner, [id]);
    await listTasks(database, owner, { first: 5, after: id }, {});
    await listTasks(database, owner, { first: 5, after: id }, { statuses: ['FAIL'] });
  }
}

test('what is read often is prepared once in a session, whatever the values; a filtered list is planned by its values', async () => {
  await using test = await createTestDatabase();
  await using database = createDatabase({ ...test.config, max: 1 }, silentLogger);
  await readTwice(database);
  expect(await countPrepared(database)).toBe(2);
});

test('behind a pooler, where sessions are shared, nothing is prepared', async () => {
  await using test = await createTestDatabase();
  await using database = createDatabase({ ...test.config, max: 1, limits: null }, silentLogger);
  await readTwice(database);
  expect(await countPrepared(database)).toBe(0);
});
