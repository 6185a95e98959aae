import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { hint } from '../events/test-feed.ts';
import { makeKeyFor } from '../support/api-keys.ts';
import { createTestDatabase } from '../support/database.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { followChanges, followTask, listTasks } from '../support/documents.ts';
import { openAccess, startTestGateway } from '../support/gateway.ts';
import { schedules } from '../support/schedules.ts';
import { createImageTask } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';
import { connect } from '../store/explain.ts';

/** A renewal every 0.2 s. */
const clock = createFastClock(10);

/** Statements that wait for a lock. */
async function countWaiting(database: Database): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from pg_stat_activity where datname = current_database() and wait_event = 'relation'`.execute(
    database,
  );
  return Number(rows[0]?.count);
}

/** A gateway whose own eight connections all wait: for a table that the metrics count. */
async function startBusyGateway(changes: Partial<Config> = {}) {
  await using starting = new AsyncDisposableStack();
  const { config, connectionString } = starting.use(await createTestDatabase());
  const database = starting.use(createDatabase(config, silentLogger));
  const gateway = starting.use(
    await startTestGateway({ databaseUrl: connectionString, submissions: 'paused', createWaitMs: 0, ...changes }),
  );
  const holder = starting.use(await connect(config));
  const running = starting.move();
  return {
    gateway,
    database,
    async beBusy(): Promise<void> {
      await holder.query('begin; lock table webhook_delivery in access exclusive mode');
      const headers = { authorization: `Bearer ${changes.access?.metricsToken ?? ''}` };
      for (let count = 0; count < 12; count += 1) void fetch(`${gateway.url}/metrics`, { headers }).catch(() => {});
      await until(async () => (await countWaiting(database)) === 8);
    },
    async [Symbol.asyncDispose]() {
      await holder.query('rollback');
      await running.disposeAsync();
    },
  };
}

/** What waited for one of the gateway's own connections would take 5 s. */
async function expectSoon<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  const from = performance.now();
  const answer = await work();
  expect(performance.now() - from).toBeLessThan(4_000);
  return answer;
}

test('a key is checked while the gateway’s own connections are all taken', async () => {
  const access = { ...openAccess, modes: ['api-key'] as const, metricsToken: 'operator' };
  await using busy = await startBusyGateway({ access });
  const key = await makeKeyFor(busy.gateway, 'acme');
  await busy.beBusy();
  const answer = await expectSoon(() =>
    fetch(`${busy.gateway.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ viewer { owner } }' }),
    }),
  );
  expect(await answer.json()).toMatchObject({ data: { viewer: { owner: 'acme' } } });
});

test('subscribers are told while the gateway’s own connections are all taken', async () => {
  await using busy = await startBusyGateway();
  const { gateway, database } = busy;
  const id = await createImageTask(gateway, 'a pier');
  const states = gateway.watch(followTask, { id });
  expect(await states.next()).toMatchObject({ value: { data: { taskStatus: { status: 'WAIT' } } } });
  await busy.beBusy();
  const { rows } = await sql<{ id: string; owner: string; revision: number }>`
    update task set status = 'RUN', revision = revision + 1 returning id, owner, revision`.execute(database);
  await hint(database, rows);
  expect(await expectSoon(() => states.next())).toMatchObject({ value: { data: { taskStatus: { status: 'RUN' } } } });
});

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
  await until(async () => (await countWaiting(database)) >= 16 + 8);

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
