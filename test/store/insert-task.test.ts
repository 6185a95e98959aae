import { sql } from 'kysely';
import { v7 as createId } from 'uuid';
import { expect, test } from 'vitest';
import { createdAt } from '../../src/domain/task/task-id.ts';
import { findHistories } from '../../src/store/find-histories.ts';
import { findTaskByKey } from '../../src/store/find-tasks.ts';
import { insertAdoptedTask, insertTask } from '../../src/store/insert-task.ts';
import { account, getTask, holdTask, newTask, openStore, owner } from './open-store.ts';

async function countRows(store: { database: Parameters<typeof getTask>[0] }, table: string): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) from ${sql.table(table)}`.execute(store.database);
  return Number(rows[0]?.count);
}

test('a new task is recorded whole, with the first line of its history, in one statement', async () => {
  await using store = await openStore();
  const task = newTask({
    request: { kind: 'IMAGE', prompt: 'a lighthouse', model: { name: 'GEM', version: '2.5' }, operator: 'ada' },
    warnings: ['The catalogue does not know this model.'],
    idempotencyKey: 'key',
  });
  expect(await insertTask(store.database, task)).toBe(true);
  expect(store.statements).toHaveLength(1);

  const recorded = await getTask(store.database, task.id);
  expect(recorded).toMatchObject({
    id: task.id,
    owner,
    account,
    state: 'held',
    status: 'WAIT',
    revision: 1,
    request: task.request,
    warnings: task.warnings,
    upstreamTaskId: null,
    files: [],
    failure: null,
    pollCount: 0,
    createdAt: createdAt(task.id),
  });
  expect(await findHistories(store.database, owner, [task.id])).toEqual([
    { taskId: task.id, owner, revision: 1, status: 'WAIT', at: recorded.updatedAt, message: null, requestId: null },
  ]);
});

test('a key stands for one task of its owner and account, and a second insert leaves nothing behind', async () => {
  await using store = await openStore();
  const first = newTask({ idempotencyKey: 'key', requestHash: 'the first hash' });
  expect(await insertTask(store.database, first)).toBe(true);
  expect(await insertTask(store.database, newTask({ idempotencyKey: 'key' }))).toBe(false);
  for (const table of ['task', 'task_progress', 'task_words', 'task_event'])
    expect(await countRows(store, table)).toBe(1);
  expect(await findTaskByKey(store.database, owner, account, 'key')).toMatchObject({
    task: { id: first.id },
    requestHash: 'the first hash',
  });
  expect(await findTaskByKey(store.database, owner, 'vendor/-/other', 'key')).toBeNull();
  // The controls: another key, another owner, another account, no key at all.
  expect(await insertTask(store.database, newTask({ idempotencyKey: 'Key' }))).toBe(true);
  expect(await insertTask(store.database, newTask({ idempotencyKey: 'key', owner: 'grace' }))).toBe(true);
  expect(await insertTask(store.database, newTask({ idempotencyKey: 'key', account: 'vendor/-/other' }))).toBe(true);
  for (let time = 0; time < 2; time += 1) expect(await insertTask(store.database, newTask())).toBe(true);
});

test('of many inserts at once with one key, one is recorded', async () => {
  await using store = await openStore();
  const inserts = Array.from({ length: 20 }, () => insertTask(store.database, newTask({ idempotencyKey: 'key' })));
  expect((await Promise.all(inserts)).filter(Boolean)).toHaveLength(1);
  expect(await countRows(store, 'task')).toBe(1);
});

test('the same insert again, whose first answer was lost, finds its own id', async () => {
  await using store = await openStore();
  const task = newTask();
  expect(await insertTask(store.database, task)).toBe(true);
  expect(await insertTask(store.database, task)).toBe(false);
  expect(await countRows(store, 'task')).toBe(1);
});

test('a failed task has one retry without a key, and any number with keys of their own', async () => {
  await using store = await openStore();
  const failed = await holdTask(store.database);
  const retry = (idempotencyKey: string | null) =>
    insertTask(store.database, newTask({ retryOf: failed, idempotencyKey }));
  expect(await retry(null)).toBe(true);
  expect(await retry(null)).toBe(false);
  expect(await retry('one')).toBe(true);
  expect(await retry('other')).toBe(true);
});

test('an upstream id stands for one task of its account, for any owner', async () => {
  await using store = await openStore();
  const adopt = (changes: { owner?: string; account?: string } = {}) =>
    insertAdoptedTask(store.database, {
      id: createId(),
      owner,
      account,
      kind: 'VIDEO',
      upstreamTaskId: '4-AigcVideo-1',
      ...changes,
    });
  expect(await adopt()).toBe(true);
  expect(await adopt()).toBe(false);
  expect(await adopt({ owner: 'grace' })).toBe(false);
  expect(await adopt({ account: 'vendor/-/other' })).toBe(true);
});

test('an adopted task runs, and nothing is known of what was asked', async () => {
  await using store = await openStore();
  const id = createId();
  await insertAdoptedTask(store.database, { id, owner, account, kind: 'AUDIO', upstreamTaskId: 'an id' });
  const adopted = await getTask(store.database, id);
  expect(adopted).toMatchObject({ state: 'submitted', status: 'WAIT', mode: 'UNKNOWN', request: null, revision: 1 });
  expect(await countRows(store, 'task_words')).toBe(0);
});
