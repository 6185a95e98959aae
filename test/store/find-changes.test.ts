import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { decodePlace, encodePlace, type ChangePlace, type ChangePosition } from '../../src/domain/task/change-place.ts';
import { RefetchRequiredError } from '../../src/domain/errors.ts';
import { findPlace } from '../../src/store/change-place.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { findChangesAfter } from '../../src/store/find-changes.ts';
import { findOwnChanges } from '../../src/store/find-own-changes.ts';
import { forgetOldChanges } from '../../src/store/forget-changes.ts';
import { insertTask } from '../../src/store/insert-task.ts';
import { listTasks } from '../../src/store/list-tasks.ts';
import { createTestDatabase } from '../support/database.ts';
import { connect, explain } from './explain.ts';
import { holdTask, newTask, openStore, owner } from './open-store.ts';
import { submitTask } from './task-states.ts';

/** All that was committed after a place, page by page, and the place to go on from. */
async function look(database: Database, after: ChangePlace, limit = 1_000) {
  const changes: string[] = [];
  let place: ChangePlace | null = null;
  let from: ChangePosition | null = null;
  do {
    const page = await findChangesAfter(database, after, { from, limit });
    if (page === null) throw new Error('The place was refused.');
    changes.push(...page.changes.map(({ id, revision }) => `${id}@${revision}`));
    place ??= page.place;
    from = page.next;
  } while (from !== null);
  return { changes, place };
}

test('a change that is committed after a list was read is found from the place of that list on', async () => {
  await using store = await openStore();
  const { database } = store;
  const late = newTask();
  const { place, tasks } = await database.transaction().execute(async (open) => {
    // It begins before the list is read, which can't see it; others that begin later are on the list.
    await insertTask(open, late);
    await holdTask(database);
    return await listTasks(database, owner, { first: 10 }, {});
  });
  expect(tasks).toHaveLength(1);
  const changes = await findOwnChanges(database, owner, {}, place);
  expect(changes.tasks.map(({ task }) => task.id)).toEqual([late.id]);
  expect((await findOwnChanges(database, owner, {}, changes.place)).tasks).toEqual([]);
});

test('nothing falls between an empty list and the changes after it, whenever it is committed', async () => {
  await using store = await openStore();
  const { database } = store;
  let id = '';
  // Something is committed right after the first read of the page.
  const racing = database.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (id === '') id = await holdTask(database);
      return result;
    },
  });
  const { place, tasks } = await listTasks(racing, owner, { first: 10 }, {});
  const changes = await findOwnChanges(database, owner, {}, place);
  const seen = [...tasks, ...changes.tasks.map(({ task }) => task)];
  expect(seen.map((task) => task.id)).toEqual([id]);
});

test('looks see every change once, in whatever order transactions begin and end', { timeout: 20_000 }, async () => {
  await using store = await openStore();
  const { database } = store;
  let place = await findPlace(database);
  let writing = true;
  const written: string[] = [];
  /** Each is open for a while in which others begin and end. */
  const write = async (writer: number): Promise<void> => {
    for (let turn = 0; turn < 15; turn += 1) {
      await database.transaction().execute(async (open) => {
        const task = newTask();
        await insertTask(open, task);
        await sql`select pg_sleep(${((writer * 7 + turn * 3) % 5) / 500})`.execute(open);
        await sql`update task set revision = 2 where id = ${task.id}`.execute(open);
        written.push(`${task.id}@1`, `${task.id}@2`);
      });
    }
  };
  const seen: string[] = [];
  const watch = async (): Promise<void> => {
    for (let last = false; !last;) {
      last = !writing;
      const found = await look(database, decodePlace(encodePlace(place)) ?? place, 7);
      seen.push(...found.changes);
      place = found.place;
    }
  };
  const watching = watch();
  await Promise.all(Array.from({ length: 10 }, (_, writer) => write(writer)));
  writing = false;
  await watching;
  expect(new Set(seen)).toEqual(new Set(written));
  expect(written).toHaveLength(300);
});

test('a transaction that stays open in another database of the server costs a look no more than a page', async () => {
  await using store = await openStore();
  const { database } = store;
  await using elsewhere = await createTestDatabase();
  await using writer = await connect(elsewhere.config);
  await writer.query('begin; create table kept_open ()');
  const before = await findPlace(database);
  await sql`
    insert into task_change (task_id, revision, owner, xid)
    select gen_random_uuid(), 1, 'someone', pg_current_xact_id() from generate_series(1, 5000)`.execute(database);
  await sql`analyze task_change`.execute(database);
  const { place } = await look(database, before);
  const { rows } = await writer.query<{ xid: string }>('select pg_current_xact_id()::text as xid');
  expect(place.snapshot.underWay).toContainEqual(BigInt(rows[0]?.xid ?? ''));
  const id = await holdTask(database);

  store.statements.length = 0;
  expect((await look(database, place)).changes).toEqual([`${id}@1`]);
  const [statement] = store.statements;
  if (statement === undefined) throw new Error('Nothing was asked.');
  await using client = await connect(store.connection);
  expect((await explain(client, statement)).rows).toBeLessThan(10);
  // The control: by the oldest transaction that is open alone, all would be read again.
  const byOldest = { ...place, snapshot: { xmax: BigInt(rows[0]?.xid ?? ''), underWay: [] } };
  expect((await look(database, byOldest)).changes.length).toBeGreaterThan(5_000);
  await writer.query('rollback');
});

test('what is committed only after the look is found by the next one, also beside one that stays open', async () => {
  await using store = await openStore();
  const { database } = store;
  const before = await findPlace(database);
  const late = newTask();
  await using writer = await connect(store.connection);
  await writer.query('begin');
  await writer.query(
    `insert into task (id, owner, account, kind, mode, state, status, created_at)
     values ($1, 'ada', 'a', 'IMAGE', 'UNKNOWN', 'held', 'WAIT', now())`,
    [late.id],
  );
  const early = await holdTask(database);
  const first = await look(database, before);
  expect(first.changes).toEqual([`${early}@1`]);
  await writer.query('commit');
  expect((await look(database, first.place)).changes).toEqual([`${late.id}@1`]);
});

test('what is committed while pages are read is found from the place that comes with them', async () => {
  await using store = await openStore();
  const { database } = store;
  const before = await findPlace(database);
  const late = newTask();
  await using writer = createDatabase({ ...store.connection, max: 1 }, silentLogger);
  await sql`begin`.execute(writer);
  // It has the lowest number: what it wrote would be on the first page, which is read by then.
  await insertTask(writer, late);
  const id = await holdTask(database);
  await sql`insert into task_change (task_id, owner, revision, xid)
    select ${id}, ${owner}, revision, pg_current_xact_id() from generate_series(2, 1001) as revision`.execute(database);
  let isFirst = true;
  const racing = database.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (isFirst) await sql`commit`.execute(writer);
      isFirst = false;
      return result;
    },
  });
  const first = await findOwnChanges(racing, owner, {}, before);
  expect(first.tasks.map(({ task }) => task.id)).toEqual([id]);
  expect((await findOwnChanges(database, owner, {}, first.place)).tasks.map(({ task }) => task.id)).toContain(late.id);
});

test('what an older release’s statement moves is found, and what is not told to callers is not', async () => {
  await using store = await openStore();
  const { database } = store;
  const id = await holdTask(database);
  const { place } = await look(database, await findPlace(database));
  await using client = await connect(store.connection);
  await client.query(`update task set state = 'submitting', attempt = attempt + 1 where id = $1`, [id]);
  expect((await look(database, place)).changes).toEqual([]);
  await client.query(
    `update task set state = 'ended', status = 'DONE', revision = revision + 1, updated_at = clock_timestamp() where id = $1`,
    [id],
  );
  expect((await look(database, place)).changes).toEqual([`${id}@2`]);
});

test('an owner’s changes are filtered by what never changes, and tell what was not there before', async () => {
  await using store = await openStore();
  const { database } = store;
  const there = await holdTask(database);
  const place = await findPlace(database);
  const cat = await holdTask(database, { request: { kind: 'IMAGE', model: { name: 'GEM' }, operator: 'ada' } });
  const storm = await holdTask(database, { request: { kind: 'VIDEO', model: { name: 'Kling' } } });
  const song = await holdTask(database, { request: { kind: 'AUDIO' } });
  const foreign = await holdTask(database, { owner: 'grace' });
  await submitTask(database, cat, '4-AigcImage-1');
  await submitTask(database, there, '4-AigcImage-2');
  const find = async (filter: Parameters<typeof findOwnChanges>[2]) =>
    (await findOwnChanges(database, owner, filter, place)).tasks;
  const idsOf = async (filter: Parameters<typeof findOwnChanges>[2]) => (await find(filter)).map(({ task }) => task.id);
  expect((await find({})).map(({ task, createdIn }) => [task.id, task.revision, createdIn !== null])).toEqual([
    [cat, 2, true],
    [storm, 1, true],
    [song, 1, true],
    [there, 2, false],
  ]);
  expect(await idsOf({ ids: [song, there, foreign, randomUUID()] })).toEqual([song, there]);
  expect(await idsOf({ ids: [] })).toEqual([]);
  expect(await idsOf({ kinds: ['VIDEO', 'AUDIO'] })).toEqual([storm, song]);
  expect(await idsOf({ modelNames: ['GEM'] })).toEqual([cat]);
  expect(await idsOf({ operator: 'ada', kinds: ['IMAGE'] })).toEqual([cat]);
  expect(await idsOf({ operator: 'ada', kinds: ['VIDEO'] })).toEqual([]);
});

test('changes are forgotten after a week, in batches, and places before them are refused', async () => {
  await using store = await openStore();
  const { database } = store;
  const tooEarly = await findPlace(database);
  await holdTask(database);
  await sql`
    insert into task_change (task_id, revision, owner, xid)
    select gen_random_uuid(), 1, ${owner}, pg_current_xact_id() from generate_series(1, 1500)`.execute(database);
  const place = await findPlace(database);
  const kept = await holdTask(database);
  expect(await forgetOldChanges(database)).toBe(false);
  await sql`update task_change set at = at - interval '8 days' where task_id <> ${kept}`.execute(database);
  expect([await forgetOldChanges(database), await forgetOldChanges(database)]).toEqual([true, false]);
  expect((await look(database, place)).changes).toEqual([`${kept}@1`]);
  expect(await findChangesAfter(database, tooEarly)).toBeNull();
  await expect(findOwnChanges(database, owner, {}, tooEarly)).rejects.toThrow(RefetchRequiredError);
});

test.for<[string, (place: ChangePlace) => ChangePlace]>([
  ['another database', (place) => ({ ...place, database: randomUUID() })],
  ['the future', (place) => ({ ...place, snapshot: { xmax: place.snapshot.xmax + 1_000n, underWay: [] } })],
])('a place of %s is refused', async ([, change]) => {
  await using store = await openStore();
  const { database } = store;
  const place = await findPlace(database);
  await holdTask(database);
  expect(await findChangesAfter(database, change(place))).toBeNull();
  await expect(findOwnChanges(database, owner, {}, change(place))).rejects.toThrow(RefetchRequiredError);
  expect(await findChangesAfter(database, place)).not.toBeNull();
});
