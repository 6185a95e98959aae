import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { ownerTag } from '../../src/domain/task-hint.ts';
import { databaseTime } from '../../src/store/database-time.ts';
import { lookBackFrom, findChangedTasks, findOwnChanges } from '../../src/store/find-changes.ts';
import { findHistories } from '../../src/store/find-histories.ts';
import { insertTask } from '../../src/store/insert-task.ts';
import { listTasks } from '../../src/store/list-tasks.ts';
import { holdTask, newTask, openStore, owner } from './open-store.ts';
import { submitTask } from './task-states.ts';

const lookBackMs = 20_000;

test('a change that is committed after a list was read is found from the time of that list on', async () => {
  await using store = await openStore();
  const { database } = store;
  const late = newTask();
  const { asOf, tasks } = await database.transaction().execute(async (open) => {
    // Its time is before the list's, and yet the list can't see it.
    await insertTask(open, late);
    return await listTasks(database, owner, { first: 10 }, {});
  });
  expect(tasks).toEqual([]);
  const changes = await findOwnChanges(database, owner, {}, { after: lookBackFrom(asOf), limit: 10 });
  expect(changes.map(({ id }) => id)).toEqual([late.id]);
  // The control: by its time alone it would have been missed.
  expect(changes[0]?.updatedAt.getTime()).toBeLessThan(asOf.getTime());
});

test('what changed long before is not read again', async () => {
  await using store = await openStore();
  const { database } = store;
  const [old, recent] = [await holdTask(database), await holdTask(database)];
  await sql`update task set updated_at = updated_at - interval '21 seconds' where id = ${old}`.execute(database);
  const now = await databaseTime(database);
  const find = async (range: { after: Date; until?: Date }) =>
    (await findOwnChanges(database, owner, {}, { ...range, limit: 10 })).map(({ id }) => id);
  const begin = lookBackFrom(now);
  expect(await find({ after: begin })).toEqual([recent]);
  expect(await find({ after: begin, until: now })).toEqual([recent]);
  expect(await find({ after: now })).toEqual([]);
  expect(await find({ after: lookBackFrom(begin) })).toEqual([old, recent]);
  expect(await find({ after: lookBackFrom(begin), until: begin })).toEqual([old]);
});

test('changes are filtered by what never changes, oldest change first, and cut at the limit', async () => {
  await using store = await openStore();
  const { database } = store;
  const cat = await holdTask(database, { request: { kind: 'IMAGE', model: { name: 'GEM' }, operator: 'ada' } });
  const storm = await holdTask(database, { request: { kind: 'VIDEO', model: { name: 'Kling' } } });
  const song = await holdTask(database, { request: { kind: 'AUDIO' } });
  await holdTask(database, { owner: 'grace' });
  await submitTask(database, cat, '4-AigcImage-1');
  const find = async (filter: Parameters<typeof findOwnChanges>[2], limit = 10) =>
    (await findOwnChanges(database, owner, filter, { after: new Date(0), limit })).map(({ id }) => id);
  expect(await find({})).toEqual([storm, song, cat]);
  expect(await find({}, 2)).toEqual([storm, song]);
  expect(await find({ ids: [cat, song] })).toEqual([song, cat]);
  expect(await find({ ids: [] })).toEqual([]);
  expect(await find({ kinds: ['VIDEO', 'AUDIO'] })).toEqual([storm, song]);
  expect(await find({ modelNames: ['GEM'] })).toEqual([cat]);
  expect(await find({ operator: 'ada', kinds: ['IMAGE'] })).toEqual([cat]);
  expect(await find({ operator: 'ada', kinds: ['VIDEO'] })).toEqual([]);
});

test('a feed finds what changed of the owners and of the ids that it watches', async () => {
  await using store = await openStore();
  const { database } = store;
  const own = await holdTask(database);
  const foreign = await holdTask(database, { owner: 'grace' });
  await holdTask(database, { owner: 'eve' });
  const since = await databaseTime(database);
  const hints = await findChangedTasks(database, { owners: [owner], ids: [foreign] }, since);
  expect(hints).toEqual([
    { id: own, ownerTag: ownerTag(owner), revision: 1 },
    { id: foreign, ownerTag: ownerTag('grace'), revision: 1 },
  ]);
  expect(await findChangedTasks(database, { owners: [], ids: [] }, since)).toEqual([]);
  const muchLater = new Date(since.getTime() + lookBackMs + 1_000);
  expect(await findChangedTasks(database, { owners: [owner], ids: [foreign] }, muchLater)).toEqual([]);
});

test("a history is read for the owner's tasks only, in one statement", async () => {
  await using store = await openStore();
  const { database } = store;
  const [one, other] = [await holdTask(database), await holdTask(database)];
  const foreign = await holdTask(database, { owner: 'grace' });
  await submitTask(database, one, '4-AigcImage-1');
  store.statements.length = 0;
  const events = await findHistories(database, owner, [other, foreign, one]);
  expect(store.statements).toHaveLength(1);
  expect(events.map(({ taskId, revision }) => [taskId, revision])).toEqual([
    [one, 1],
    [one, 2],
    [other, 1],
  ]);
});
