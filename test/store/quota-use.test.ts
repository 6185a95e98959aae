import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { insertTask } from '../../src/store/insert-task.ts';
import { countQuotaUse, findFullQuota, secondsUntilFewerCreates } from '../../src/store/quota-use.ts';
import { connect, explain } from './explain.ts';
import { owners, seedManyTasks } from './many-tasks.ts';
import { account, newTask, openStore } from './open-store.ts';
import { submitTask } from './task-states.ts';

const busy = { owner: owners.busy, account };
const everything = { tasksInFlight: 10_000, createsLastMinute: 10_000 };
const recent = 3_000;

let store: Awaited<ReturnType<typeof openStore>>;
let client: Awaited<ReturnType<typeof connect>>;

beforeAll(async () => {
  store = await openStore();
  await seedManyTasks(store.database, 100_000);
  await seedLastMinute(store.database);
  client = await connect(store.connection);
}, 60_000);

afterAll(async () => {
  await client.end();
  await store[Symbol.asyncDispose]();
});

/** Of the busy owner, all in flight, half of them of another account, made within the last half minute. */
async function seedLastMinute(database: Database): Promise<void> {
  await sql`
    insert into task (id, owner, account, kind, mode, state, status, created_at)
    select (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint - 10 * number), 12, '0')
        || '7000' || lpad(to_hex(number), 16, '0'))::uuid,
      ${owners.busy}, case when number % 2 = 0 then ${account} else 'another account' end,
      'IMAGE', 'TEXT_TO_IMAGE', 'held', 'WAIT', clock_timestamp()
    from generate_series(1, ${recent}::integer) as number`.execute(database);
  await sql`vacuum analyze task`.execute(database);
}

async function statementOf(read: () => Promise<unknown>) {
  const before = store.statements.length;
  await read();
  const [statement, ...others] = store.statements.slice(before);
  expect(others).toEqual([]);
  if (statement === undefined) throw new Error('Nothing was asked.');
  return statement;
}

const costOf = async (read: () => Promise<unknown>) => await explain(client, await statementOf(read));

test('at scale, an owner with little in flight costs little, however much it has ever made', async () => {
  const usual = { owner: owners.usual, account };
  expect(await countQuotaUse(store.database, usual, everything)).toEqual({ tasksInFlight: 6, createsLastMinute: 0 });
  const cost = await costOf(() => findFullQuota(store.database, usual, { tasksInFlight: 50, createsPerMinute: 60 }));
  expect(cost.rows).toBeLessThan(20);
  expect(cost.pages).toBeLessThan(30);
});

test('at scale, whether there is room costs no more than what there is room for', async () => {
  const quota = { tasksInFlight: 50, createsPerMinute: 60 };
  const cost = await costOf(() => findFullQuota(store.database, busy, quota));
  expect(cost.wholeTables).toEqual([]);
  // The other account's tasks are passed over: in this order, one for each.
  expect(cost.rows).toBeLessThan(4 * 50 + 61);
  expect(cost.pages).toBeLessThan(300);
  expect(cost.sorted).toBe(0);
});

test('the control: without its index, all that the owner has ever made is read', async () => {
  const quota = { tasksInFlight: 50, createsPerMinute: null };
  const statement = await statementOf(() => findFullQuota(store.database, { owner: owners.usual, account }, quota));
  await client.query('begin');
  await client.query('drop index task_unfinished');
  const cost = await explain(client, statement);
  await client.query('rollback');
  expect(cost.rows).toBeGreaterThan(5_000);
});

test('at scale, what is not limited is not counted', async () => {
  const cost = await costOf(() =>
    findFullQuota(store.database, busy, { tasksInFlight: null, createsPerMinute: 1_000_000 }),
  );
  const counted = await costOf(() => countQuotaUse(store.database, busy, everything));
  expect(cost.rows).toBeLessThanOrEqual(recent);
  expect(counted.rows).toBeGreaterThan(recent);
  // How many pages are seen to be visible to all depends on who else has a transaction, so the two are compared.
  expect(cost.pages).toBeLessThan(counted.pages);
});

test('at scale, when the next one leaves the last minute is read from one index', async () => {
  const cost = await costOf(() => secondsUntilFewerCreates(store.database, owners.busy, 100));
  expect(cost.wholeTables).toEqual([]);
  expect(cost.rows).toBeLessThanOrEqual(100);
  expect(cost.pages).toBeLessThan(50);
});

test('what an owner has is counted by owner and account, and by the last minute', async () => {
  await using small = await openStore();
  const { database } = small;
  const [first] = await Promise.all([
    record(database, {}),
    record(database, { account: 'vendor/-/other' }),
    record(database, { owner: 'grace' }),
  ]);
  await submitTask(database, first, '4-AigcImage-1');
  expect(await countQuotaUse(database, { owner: 'ada', account }, everything)).toEqual({
    tasksInFlight: 1,
    createsLastMinute: 2,
  });
  expect(await countQuotaUse(database, { owner: 'ada', account }, { tasksInFlight: 1, createsLastMinute: 1 })).toEqual({
    tasksInFlight: 1,
    createsLastMinute: 1,
  });
});

async function record(database: Database, changes: Parameters<typeof newTask>[0]): Promise<string> {
  const task = newTask(changes);
  await insertTask(database, task);
  return task.id;
}

test('a create counts for sixty seconds, by its id', async () => {
  await using small = await openStore();
  const { database } = small;
  const made = async (secondsAgo: number) => {
    const hex = (Date.now() - secondsAgo * 1_000).toString(16).padStart(12, '0');
    const id = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${String(secondsAgo).padStart(12, '0')}`;
    await record(database, { id });
  };
  for (const secondsAgo of [55, 30, 65, 10]) await made(secondsAgo);
  const { createsLastMinute } = await countQuotaUse(database, { owner: 'ada', account }, everything);
  expect(createsLastMinute).toBe(3);
  // Room for a third one comes when the oldest leaves, for a second when the next does, and so on.
  for (const [limit, seconds] of [
    [3, 5],
    [2, 30],
    [1, 50],
    [4, 1],
  ] as const) {
    const told = await secondsUntilFewerCreates(database, 'ada', limit);
    expect(told).toBeLessThanOrEqual(seconds);
    expect(told).toBeGreaterThan(seconds - 5);
  }
});
