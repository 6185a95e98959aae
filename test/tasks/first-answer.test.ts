import { expect, test } from 'vitest';
import { waitUntil } from '../../src/tasks/first-answer.ts';
import { getTask, holdTask } from '../store/open-store.ts';
import { endTask } from '../store/task-states.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { openTasks } from './open-tasks.ts';

const hasMoved = (task: { revision: number }): boolean => task.revision > 1;

test('what changed between the task’s read and the subscription is seen at once', { timeout: 5_000 }, async () => {
  await using tasks = await openTasks();
  const { database, dependencies } = tasks;
  const id = await holdTask(database);
  const task = await getTask(database, id);
  await endTask(database, id);
  // Nobody tells of it, and the wait has no end of its own.
  const patient = { ...dependencies, clock: createManualClock() };
  expect(await waitUntil(patient, task, hasMoved, 30_000)).toMatchObject({ id, revision: 2 });
  expect(dependencies.feed.subscribers).toBe(0);
});

test('after the wait the task is answered as it is, whatever has been told', async () => {
  await using tasks = await openTasks();
  const { database, dependencies } = tasks;
  const id = await holdTask(database);
  const task = await getTask(database, id);
  const clock = createManualClock();
  const waiting = waitUntil({ ...dependencies, clock }, task, (now) => now.revision > 2, 30_000);
  await endTask(database, id);
  await clock.advance(30_000);
  expect(await waiting).toMatchObject({ id, revision: 2 });
});
