import { expect, test } from 'vitest';
import { failures } from '../../src/domain/task/failures.ts';
import { failWith, type GuardedMove } from '../../src/domain/task/moves.ts';
import type { Database } from '../../src/store/database.ts';
import { moveTask } from '../../src/store/move-task.ts';
import { claimHeldTask } from '../../src/store/submitting.ts';
import { until } from '../support/until.ts';
import { connect } from './explain.ts';
import { getTask, holdTask, openStore } from './open-store.ts';
import { takeLease } from './task-states.ts';

const cancel: GuardedMove = { guard: { states: ['held'] }, move: failWith(failures.canceled()) };
const withMessage = (message: string): GuardedMove => ({ ...cancel, move: { ...cancel.move, message } });

async function holdMany(database: Database, count: number): Promise<string[]> {
  return await Promise.all(Array.from({ length: count }, () => holdTask(database)));
}

function updates({ statements }: { statements: readonly { sql: string }[] }): number {
  return statements.filter(({ sql }) => sql.includes('update task set')).length;
}

test('moves at once are each made under their own guard, in few statements', async () => {
  await using store = await openStore();
  const ids = await holdMany(store.database, 20);
  const guardOf = (index: number): GuardedMove =>
    index % 2 === 0 ? cancel : { ...cancel, guard: { states: ['held'], owner: 'grace' } };
  const moved = await Promise.all(ids.map((id, index) => moveTask(store.database, id, guardOf(index))));
  expect(updates(store)).toBe(2);
  expect(moved.map((one) => one?.id ?? null)).toEqual(ids.map((id, index) => (index % 2 === 0 ? id : null)));
});

test('claims at once are each answered with their own task, in few statements', async () => {
  await using store = await openStore();
  const epoch = await takeLease(store.database);
  const ids = await holdMany(store.database, 20);
  const claimed = await Promise.all(ids.map((id) => claimHeldTask(store.database, id, epoch)));
  expect(updates(store)).toBe(2);
  expect(claimed.map((one) => one?.taskId)).toEqual(ids);
});

test('a lone move waits for nothing, and is one statement', async () => {
  await using store = await openStore();
  const [id = ''] = await holdMany(store.database, 1);
  const before = store.statements.length;
  expect(await moveTask(store.database, id, cancel)).toMatchObject({ id });
  expect(store.statements).toHaveLength(before + 1);
});

test('of several moves of one task in a group, each is judged after the one before', async () => {
  await using store = await openStore();
  const [first = '', id = ''] = await holdMany(store.database, 2);
  const guard = { states: ['held', 'ended'], failureCodes: ['CANCELED'] } as const;
  const moves = [cancel, { ...cancel, guard }, cancel].map((change) => moveTask(store.database, id, change));
  await moveTask(store.database, first, cancel);
  const revisions = (await Promise.all(moves)).map((one) => one?.revision ?? null);
  expect(revisions).toEqual([2, 3, null]);
});

test('what PostgreSQL refuses of a group is refused alone, and the others are written', async () => {
  await using store = await openStore();
  const ids = await holdMany(store.database, 6);
  const moves = ids.map((id, index) =>
    moveTask(store.database, id, index === 3 ? withMessage('with \0 in it') : cancel).catch(() => 'refused'),
  );
  const moved = await Promise.all(moves);
  expect(moved.map((one) => (typeof one === 'string' ? one : one?.id))).toEqual(ids.with(3, 'refused'));
  expect((await getTask(store.database, ids[3] ?? '')).state).toBe('held');
});

test('a row that is locked elsewhere does not hold up the others of a group', async () => {
  await using store = await openStore();
  const ids = await holdMany(store.database, 6);
  await using other = await connect(store.connection);
  await other.query('begin');
  await other.query('select from task where id = $1 for update', [ids[3]]);
  const done: string[] = [];
  const moves = ids.map((id) => moveTask(store.database, id, cancel).then(() => void done.push(id)));
  await until(() => done.length === 5);
  expect(done).not.toContain(ids[3]);
  await other.query('commit');
  await Promise.all(moves);
  expect(done.at(-1)).toBe(ids[3]);
});
