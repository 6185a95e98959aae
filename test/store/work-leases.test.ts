import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { claimDelivery, findFallenDue, recordAttempt } from '../../src/store/webhook-deliveries.ts';
import { keepWorkLeases, renewEveryMs } from '../../src/store/work-leases.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { until } from '../support/until.ts';
import { holdTask, openStore, owner, type TestStore } from './open-store.ts';

const failed = { revision: 2, statusCode: 500, error: 'The receiver answered 500.', retryMs: 7_200_000 };

/** A process whose time is moved by hand; the database's goes on as it does. */
async function openLeases({ database }: TestStore) {
  const clock = createManualClock();
  const leases = keepWorkLeases(database, { clock, logger: silentLogger });
  await endTask(database);
  const [lane] = await database.selectFrom('webhook_delivery').select(['owner', 'receiver']).execute();
  if (lane === undefined) throw new Error('Nothing is to be told.');
  return {
    clock,
    take: () => leases.take(() => claimDelivery(database, lane)),
    claim: () => claimDelivery(database, lane),
    [Symbol.asyncDispose]: () => leases[Symbol.asyncDispose](),
  };
}

async function endTask(database: TestStore['database']): Promise<string> {
  const id = await holdTask(database, { webhook: { url: 'https://app.example/hook', events: ['ENDED'] } });
  await sql`update task set state = 'ended', status = 'FAIL', failure_code = 'CANCELED', revision = revision + 1
    where id = ${id}`.execute(database);
  return id;
}

/** For how long the lease of what is under way lasts, in seconds; null where nothing is. */
async function secondsLeft({ database }: TestStore): Promise<number | null> {
  const seconds = sql<number>`extract(epoch from due_at - clock_timestamp())::float8`.as('seconds');
  const [row] = await database.selectFrom('webhook_delivery').select(seconds).where('is_leased', '=', true).execute();
  return row?.seconds ?? null;
}

/** As if the time between two renewals had gone by for the database, too. */
async function letLeaseShrink({ database }: TestStore): Promise<void> {
  await sql`update webhook_delivery set due_at = due_at - interval '6 s' where is_leased`.execute(database);
}

const isRenewal = (text: string): boolean => text.includes('unnest') && text.includes('archive_work');

test('what is under way is renewed by one statement for all of it, and what is over is not', async () => {
  await using store = await openStore();
  await using replica = await openLeases(store);
  await endTask(store.database);
  using slow = await replica.take();
  using other = await replica.take();
  expect(slow?.work.attempt).toBe(1);
  expect(other?.work.attempt).toBe(1);
  expect(await secondsLeft(store)).toBeGreaterThan(19);
  for (let renewals = 1; renewals <= 8; renewals += 1) {
    await letLeaseShrink(store);
    expect(await secondsLeft(store)).toBeLessThan(15);
    await replica.clock.advance(renewEveryMs);
    await until(async () => Number(await secondsLeft(store)) > 19);
    expect(store.statements.filter(({ sql: text }) => isRenewal(text))).toHaveLength(renewals);
  }
  expect(slow?.signal.aborted).toBe(false);
  expect(await replica.claim(), 'while it is slow no other process begins it').toBeNull();
  slow?.[Symbol.dispose]();
  other?.[Symbol.dispose]();
  const asked = store.statements.length;
  await replica.clock.advance(renewEveryMs);
  expect(store.statements).toHaveLength(asked);
});

test('a renewal leaves the moment alone that an end has chosen', async () => {
  await using store = await openStore();
  await using replica = await openLeases(store);
  using held = await replica.take();
  if (held === null) throw new Error('Nothing was claimed.');
  const retryAt = await recordAttempt(store.database, held.work, failed, 50);
  await replica.clock.advance(renewEveryMs);
  await until(() => held.signal.aborted);
  const rows = await store.database.selectFrom('webhook_delivery').select('due_at').execute();
  expect(rows).toEqual([{ due_at: retryAt }]);
});

test('what another process has begun, after this one stood still, is told to end at the next renewal', async () => {
  await using store = await openStore();
  await using replica = await openLeases(store);
  using held = await replica.take();
  await sql`update webhook_delivery set due_at = now()`.execute(store.database);
  expect(await replica.claim()).toMatchObject({ attempt: 2 });
  const before = await secondsLeft(store);
  await replica.clock.advance(renewEveryMs);
  await until(() => held?.signal.aborted ?? false);
  expect(await secondsLeft(store), 'nor is the other’s lease renewed').toBeLessThanOrEqual(Number(before));
});

test('what can not be renewed, because the database is away, is told to end when its lease is over', async () => {
  await using store = await openStore();
  await using replica = await openLeases(store);
  using held = await replica.take();
  // Renewals wait for it, and fail in the end.
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const locking = store.database.transaction().execute(async (open) => {
    await sql`select from webhook_delivery for update`.execute(open);
    await replica.clock.advance(renewEveryMs);
    await replica.clock.advance(14_000);
    expect(held?.signal.aborted, 'the control: its lease lasts').toBe(false);
    await replica.clock.advance(1_000);
    expect(held?.signal.aborted).toBe(true);
    await over;
  });
  end();
  await locking;
});

test('a task that is deleted takes what is under way for it along', async () => {
  await using store = await openStore();
  await using replica = await openLeases(store);
  using held = await replica.take();
  if (held === null) throw new Error('Nothing was claimed.');
  await recordAttempt(store.database, held.work, failed, 50);
  for (const table of ['task_progress', 'task_words', 'task_event']) {
    await sql`delete from ${sql.table(table)}`.execute(store.database);
  }
  await sql`delete from task where owner = ${owner}`.execute(store.database);
  expect(await store.database.selectFrom('webhook_delivery').select('id').execute()).toEqual([]);
  expect(await store.database.selectFrom('webhook_attempt').select('attempt').execute()).toEqual([]);
  expect(await recordAttempt(store.database, held.work, failed, 50), 'its end finds nothing').toBeNull();
});

test('what falls due is found once, and the alarm rings when the next does', async () => {
  await using store = await openStore();
  const { database } = store;
  await endTask(database);
  const first = await findFallenDue(database, null, 5_000);
  expect(first).toMatchObject({ lanes: [{ owner, host: 'app.example' }], nextMs: null });
  await sql`update webhook_delivery set due_at = date_trunc('milliseconds', clock_timestamp()) + interval '50 ms'`.execute(
    database,
  );
  const second = await findFallenDue(database, first.at, 5_000);
  expect(second.lanes).toEqual([]);
  expect(second.nextMs).toBeGreaterThan(0);
  expect(second.nextMs).toBeLessThanOrEqual(50);
  await systemClock.sleep(second.nextMs ?? 0);
  const third = await findFallenDue(database, second.at, 5_000);
  expect(third).toMatchObject({ lanes: first.lanes, nextMs: null });
  expect((await findFallenDue(database, third.at, 5_000)).lanes).toEqual([]);
});

test('a claim leaves no named statement in its session, which a pooler would give to another', async () => {
  await using store = await openStore();
  await endTask(store.database);
  await store.database.connection().execute(async (session) => {
    const [lane = { owner: '', receiver: '' }] = await session
      .selectFrom('webhook_delivery')
      .select(['owner', 'receiver'])
      .execute();
    expect(await claimDelivery(session, lane)).toMatchObject({ attempt: 1 });
    const { rows } = await sql`select name from pg_prepared_statements`.execute(session);
    expect(rows).toEqual([]);
  });
});
