import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { createTestDatabase } from '../support/database.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { followChanges, listTasks } from '../support/documents.ts';
import { startTestGateway } from '../support/gateway.ts';
import { schedules } from '../support/schedules.ts';
import { until } from '../support/until.ts';
import { connect } from '../store/explain.ts';

/** A renewal every 0.2 s. */
const clock = createFastClock(10);

test('the lease is renewed while everything else waits for the database', { timeout: 30_000 }, async () => {
  await using testDatabase = await createTestDatabase();
  await using database = createDatabase(testDatabase.config, silentLogger);
  await using gateway = await startTestGateway({ databaseUrl: testDatabase.connectionString }, { clock });
  await until(() => schedules(gateway));
  await using holder = await connect(testDatabase.config);
  await holder.query('begin; lock table task in access exclusive mode');

  // More than all pools have connections: callers' reads, subscriptions, and counts for the metrics.
  const asked = [
    ...Array.from({ length: 30 }, () => gateway.send(listTasks, { first: 10 })),
    ...Array.from({ length: 12 }, async () => await fetch(`${gateway.url}/metrics`)),
  ];
  const watched = Array.from({ length: 10 }, () => gateway.watch(followChanges, {}));
  for (const changes of watched) void changes.next().catch(() => {});
  const waiting = async (): Promise<number> => {
    const { rows } = await sql<{ count: string }>`
      select count(*) as count from pg_stat_activity where datname = current_database() and wait_event = 'relation'`.execute(
      database,
    );
    return Number(rows[0]?.count);
  };
  await until(async () => (await waiting()) >= 16 + 8);

  const expiry = async (): Promise<number> => {
    const rows = await database.selectFrom('account_lease').select('expires_at').execute();
    return rows[0]?.expires_at.getTime() ?? 0;
  };
  const from = performance.now();
  for (let renewals = 0, last = await expiry(); renewals < 5; renewals += 1) {
    await until(async () => (await expiry()) > last);
    last = await expiry();
  }
  // One that waited for a connection would take 5 s.
  expect(performance.now() - from).toBeLessThan(4_000);
  await holder.query('rollback');
  await Promise.all(asked);
  for (const changes of watched) await changes.return?.();
});
