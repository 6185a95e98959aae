import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Quota } from '../../src/domain/task/quota.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { insertTask, insertWithinQuota, type Insertion } from '../../src/store/insert-task.ts';
import { findFullQuota } from '../../src/store/quota-use.ts';
import { newTask, openStore } from './open-store.ts';

const none: Quota = { tasksInFlight: null, createsPerMinute: null };
const full = (limit: number) => ({ name: 'tasksInFlight', limit, used: limit });

function insertWithin(database: Database, quota: Quota, task = newTask()): Promise<Insertion> {
  return insertWithinQuota(database, task, quota, (open) => insertTask(open, task));
}

async function countRows(database: Database, table: 'task' | 'task_event' | 'task_words'): Promise<number> {
  const { count } = await database
    .selectFrom(table)
    .select(sql<string>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

test.each<[string, Quota]>([
  ['tasks in flight', { ...none, tasksInFlight: 7 }],
  ['creates a minute', { ...none, createsPerMinute: 7 }],
  ['both', { tasksInFlight: 8, createsPerMinute: 7 }],
])('of thirty at once, seven are recorded where there is room for seven: %s', async (_name, quota) => {
  await using store = await openStore();
  const insertions = await Promise.all(Array.from({ length: 30 }, () => insertWithin(store.database, quota)));
  expect(insertions.filter((insertion) => insertion === 'recorded')).toHaveLength(7);
  expect(new Set(insertions.filter((insertion) => typeof insertion === 'object').map(({ limit }) => limit))).toEqual(
    new Set([7]),
  );
  expect(await countRows(store.database, 'task')).toBe(7);
});

test('the control: without the lock, more are recorded than there is room for', async () => {
  await using store = await openStore();
  const insertUnlocked = () =>
    store.database.transaction().execute(async (open) => {
      const task = newTask();
      return (await findFullQuota(open, task, { ...none, tasksInFlight: 7 })) ?? (await insertTask(open, task));
    });
  await Promise.all(Array.from({ length: 30 }, insertUnlocked));
  expect(await countRows(store.database, 'task')).toBeGreaterThan(7);
});

test('an owner without a limit costs the insert alone', async () => {
  await using store = await openStore();
  expect(await insertWithin(store.database, none)).toBe('recorded');
  expect(store.statements).toHaveLength(1);
  // The control: with one it is locked and counted, too.
  expect(await insertWithin(store.database, { ...none, tasksInFlight: 7 })).toBe('recorded');
  expect(store.statements.length).toBeGreaterThan(3);
});

test('a refusal writes nothing', async () => {
  await using store = await openStore();
  const quota = { ...none, tasksInFlight: 1 };
  await insertWithin(store.database, quota);
  const before = store.statements.length;
  expect(await insertWithin(store.database, quota)).toEqual(full(1));
  const written = store.statements.slice(before).filter(({ sql: text }) => text.includes('insert'));
  expect(written).toEqual([]);
  for (const table of ['task', 'task_event', 'task_words'] as const)
    expect(await countRows(store.database, table)).toBe(1);
});

test('what is there already is found to be, and takes no room', async () => {
  await using store = await openStore();
  const quota = { ...none, tasksInFlight: 2 };
  const task = newTask({ idempotencyKey: 'key' });
  expect(await insertWithin(store.database, quota, task)).toBe('recorded');
  expect(await insertWithin(store.database, quota, newTask({ idempotencyKey: 'key' }))).toBe('present');
  expect(await insertWithin(store.database, quota)).toBe('recorded');
  expect(await insertWithin(store.database, quota)).toEqual(full(2));
});

test('owners wait for themselves only', async () => {
  await using store = await openStore();
  await using replica = createDatabase(store.connection, silentLogger);
  const quota = { ...none, tasksInFlight: 1 };
  const [inside, mayGoOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = insertWithinQuota(store.database, newTask(), quota, async (open) => {
    inside.resolve();
    await mayGoOn.promise;
    return await insertTask(open, newTask());
  });
  await inside.promise;
  const second = insertWithin(replica, quota);
  await expect.poll(() => countWaiting(store.database)).toBe(1);
  expect(await insertWithin(store.database, quota, newTask({ owner: 'grace' }))).toBe('recorded');
  mayGoOn.resolve();
  expect(await slow).toBe('recorded');
  expect(await second).toEqual(full(1));
});

test('of one owner’s many at once, one connection waits for the lock, and the others are free', async () => {
  await using store = await openStore();
  await using replica = createDatabase(store.connection, silentLogger);
  const quota = { ...none, tasksInFlight: 100 };
  const [inside, mayGoOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const elsewhere = insertWithinQuota(replica, newTask(), quota, async (open) => {
    inside.resolve();
    await mayGoOn.promise;
    return await insertTask(open, newTask());
  });
  await inside.promise;
  const many = Array.from({ length: 30 }, () => insertWithin(store.database, quota));
  await expect.poll(() => countWaiting(replica)).toBe(1);
  expect(await countWaiting(store.database)).toBe(1);
  mayGoOn.resolve();
  expect(await Promise.all([elsewhere, ...many])).toEqual(Array.from({ length: 31 }, () => 'recorded'));
});

/** How many statements wait for a lock. */
async function countWaiting(database: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(database);
  return rows[0]?.count ?? 0;
}

test('a process that stops amid a create keeps its owner’s others waiting for a few seconds only', async () => {
  await using store = await openStore();
  const read = async (database: Database) => {
    const { rows } = await sql<{ timeout: string }>`
      select current_setting('idle_in_transaction_session_timeout') as timeout`.execute(database);
    return rows[0]?.timeout;
  };
  let within: string | undefined;
  await insertWithinQuota(store.database, newTask(), { ...none, tasksInFlight: 1 }, async (open) => {
    within = await read(open);
    return true;
  });
  expect(within).toBe('5s');
  // The control: no other work of the connection is cut short.
  expect(await read(store.database)).toBe('0');
});

test('counts anew after it has waited, also where transactions usually see one moment', async () => {
  await using store = await openStore();
  const name = sql.id(store.connection.database ?? '');
  await sql`alter database ${name} set default_transaction_isolation = 'repeatable read'`.execute(store.database);
  await using strict = createDatabase(store.connection, silentLogger);
  const insertions = await Promise.all(
    Array.from({ length: 30 }, () => insertWithin(strict, { ...none, tasksInFlight: 7 })),
  );
  expect(insertions.filter((insertion) => insertion === 'recorded')).toHaveLength(7);
});
