import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createSweep } from '../../src/scheduler/sweep.ts';
import { createSchedulingUseCases } from '../../src/tasks/scheduling.ts';
import { getTask, holdTask } from '../store/open-store.ts';
import { accepted, claimTask, record } from '../store/task-states.ts';
import { openTasks } from '../tasks/open-tasks.ts';

/** A task whose Create was under way when its process was heard of last, 21 seconds ago. */
async function openOrphaned() {
  const tasks = await openTasks();
  const id = await holdTask(tasks.database);
  const attempt = await claimTask(tasks.database, id);
  await sql`update task set submitting_since = submitting_since - interval '21 seconds'`.execute(tasks.database);
  return { ...tasks, id, attempt, useCases: createSchedulingUseCases(tasks.dependencies) };
}

test('what one look found may be about to be recorded; what two in a row found is ended', async () => {
  await using tasks = await openOrphaned();
  const { database, id } = tasks;
  const sweep = createSweep(tasks.useCases, tasks.dependencies.logger);
  await sweep();
  expect((await getTask(database, id)).state).toBe('submitting');
  await sweep();
  expect(await getTask(database, id)).toMatchObject({ failure: { code: 'SUBMISSION_UNCONFIRMED' } });
});

test('a TaskId that is recorded between two looks stays', async () => {
  await using tasks = await openOrphaned();
  const sweep = createSweep(tasks.useCases, tasks.dependencies.logger);
  await sweep();
  await record(tasks.database, tasks.attempt, accepted('4-AigcImage-1'));
  await sweep();
  expect(await getTask(tasks.database, tasks.id)).toMatchObject({ state: 'submitted', revision: 2 });
});

test('a look that failed is none: after it, two more are needed', async () => {
  await using tasks = await openOrphaned();
  const { database, id } = tasks;
  let isAway = false;
  const findOrphans = async () => {
    if (isAway) throw new Error('The database is away.');
    return await tasks.useCases.findOrphans();
  };
  const sweep = createSweep({ ...tasks.useCases, findOrphans }, tasks.dependencies.logger);
  await sweep();
  isAway = true;
  await expect(sweep()).rejects.toThrow('away');
  isAway = false;
  await sweep();
  expect((await getTask(database, id)).state).toBe('submitting');
  await sweep();
  expect((await getTask(database, id)).state).toBe('ended');
});
