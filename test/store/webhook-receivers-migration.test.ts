import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { migrations } from '../../migrations/index.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { claimDelivery } from '../../src/store/webhook-deliveries.ts';
import { createTestDatabase } from '../support/database.ts';
import { newTask } from './open-store.ts';
import { insertTask } from '../../src/store/insert-task.ts';

const thisOne = '0013-webhook-receivers';

/** The tables as they were before, without anything in them. */
async function goBack(database: Database): Promise<void> {
  await sql`drop schema public cascade`.execute(database);
  await sql`create schema public`.execute(database);
  await run(database, (name) => name < thisOne);
}

async function run(database: Database, isMeant: (name: string) => boolean): Promise<void> {
  const meant = Object.entries(migrations).filter(([name]) => isMeant(name));
  for (const [, migration] of meant) await migration.up(database.withTables());
}

test('what was to be told before an upgrade is told after it, each in the lane of its receiver', async () => {
  await using testDatabase = await createTestDatabase();
  await using database = createDatabase(testDatabase.config, silentLogger);
  await goBack(database);
  const urls = ['https://app.example/a?task=1', 'https://app.example/a?task=2', 'https://app.example/b'];
  for (const url of urls) await insertTask(database, newTask({ webhook: { url, events: ['ENDED'] } }));
  await sql`update task set state = 'ended', status = 'FAIL', failure_code = 'CANCELED', revision = 2`.execute(
    database,
  );

  await run(database, (name) => name >= thisOne);
  const rows = await database.selectFrom('webhook_delivery').select(['owner', 'receiver']).execute();
  expect(rows).toHaveLength(3);
  const lanes = [...new Map(rows.map((row) => [row.receiver, row])).values()];
  expect(lanes).toHaveLength(2);
  const claimed: string[] = [];
  for (const lane of lanes) {
    for (let next = await claimDelivery(database, lane); next !== null;) {
      claimed.push(next.url);
      next = await claimDelivery(database, lane);
    }
  }
  expect(claimed.toSorted()).toEqual(urls);
});
