import { expect, test } from 'vitest';
import { findHistories } from '../../src/store/find-histories.ts';
import { holdTask, openStore, owner } from './open-store.ts';
import { submitTask } from './task-states.ts';

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
