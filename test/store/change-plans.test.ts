import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChangePlace } from '../../src/domain/task/change-place.ts';
import { findPlace } from '../../src/store/change-place.ts';
import type { Database } from '../../src/store/database.ts';
import { findChangesAfter, type ChangeScope } from '../../src/store/find-changes.ts';
import { forgetOldChanges } from '../../src/store/forget-changes.ts';
import { findTasksToTell } from '../../src/store/find-tasks.ts';
import { connect, explain } from './explain.ts';
import { openStore } from './open-store.ts';

const count = 200_000;
/** So many changes a transaction; those numbers are below what a server that has started has given out. */
const perTransaction = 1_000;
const firstTransaction = 100;
let store: Awaited<ReturnType<typeof openStore>>;
let client: Awaited<ReturnType<typeof connect>>;

beforeAll(async () => {
  store = await openStore();
  await sql`
    insert into task_change (task_id, revision, owner, xid, at)
    select md5((number / 4)::text)::uuid, 1 + number % 4,
      case when number % 1000 = 1 then 'small' else 'busy' end,
      (${firstTransaction}::integer + number / ${perTransaction})::text::xid8, now() - interval '3 days'
    from generate_series(1, ${count}::integer) as number`.execute(store.database);
  await sql`vacuum analyze task_change`.execute(store.database);
  client = await connect(store.connection);
}, 60_000);

afterAll(async () => {
  await client.end();
  await store[Symbol.asyncDispose]();
});

const lastTransaction = BigInt(firstTransaction + count / perTransaction);

async function placeBefore(xmax: bigint): Promise<ChangePlace> {
  const { database } = await findPlace(store.database);
  // One that stays open, which wrote nothing here.
  return { database, snapshot: { xmax, underWay: [3n] } };
}

async function findIds(): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct task_id as id from task_change where task_id in (md5('4')::uuid, md5('7000')::uuid)`.execute(
    store.database,
  );
  return rows.map(({ id }) => id);
}

const reads: [string, bigint, () => Promise<ChangeScope>, number][] = [
  ['of the last moment', lastTransaction, async () => ({}), 10],
  ['of long', BigInt(firstTransaction), async () => ({}), 1_010],
  ['of a busy owner’s last moment', lastTransaction, async () => ({ owner: 'busy' }), 10],
  ['of a busy owner’s days', BigInt(firstTransaction), async () => ({ owner: 'busy' }), 1_010],
  ['of a small owner’s days', BigInt(firstTransaction), async () => ({ owner: 'small' }), 210],
  ['of some tasks in days', BigInt(firstTransaction), async () => ({ owner: 'busy', ids: await findIds() }), 20],
];

test.for(reads)('changes %s are found by an index, and read no further than a page', async ([, xmax, scope, rows]) => {
  const cost = await costOf((database) => placeAndFind(database, xmax, scope));
  expect(cost.wholeTables).toEqual([]);
  expect(cost.rows).toBeLessThanOrEqual(rows);
  expect(cost.pages).toBeLessThan(1_500);
});

async function placeAndFind(database: Database, xmax: bigint, scope: () => Promise<ChangeScope>): Promise<void> {
  const [place, of] = [await placeBefore(xmax), await scope()];
  store.statements.length = 0;
  expect(await findChangesAfter(database, place, { scope: of })).not.toBeNull();
}

test('what is old is found from its end, and what made a task by its id', async () => {
  const forgetting = await costOf(forgetOldChanges);
  expect(forgetting.wholeTables).toEqual([]);
  expect(forgetting.rows).toBeLessThanOrEqual(2_010);
  const making = await costOf(async (database) => {
    const of = await findIds();
    store.statements.length = 0;
    await findTasksToTell(database, of);
  });
  expect(making.wholeTables).toEqual([]);
});

/** Of the last statement that it sends. */
async function costOf(read: (database: Database) => Promise<unknown>) {
  await read(store.database);
  const statement = store.statements.at(-1);
  if (statement === undefined) throw new Error('Nothing was asked.');
  return await explain(client, statement);
}
