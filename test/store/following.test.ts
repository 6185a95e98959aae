import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { failures } from '../../src/domain/task/failures.ts';
import { failWith } from '../../src/domain/task/moves.ts';
import { countForeignTasks, countTasksInFlight } from '../../src/store/count-in-flight.ts';
import type { Database } from '../../src/store/database.ts';
import { findCorrectableTasks, findFollowedTask, findRunningTasks } from '../../src/store/following.ts';
import { UpstreamCallError } from '../../src/domain/upstream.ts';
import { moveTask } from '../../src/store/move-task.ts';
import { account, holdTask, openStore } from './open-store.ts';
import { claimTask, noAnswer, record, submitTask } from './task-states.ts';

async function submitted(database: Database, number: number): Promise<string> {
  const id = await holdTask(database);
  await submitTask(database, id, `4-AigcImage-${number}`);
  return id;
}

async function end(database: Database, id: string, failure = failures.timedOut(6, null)): Promise<void> {
  await moveTask(database, id, { guard: { states: ['submitted'] }, move: failWith(failure) });
}

const idsOf = (tasks: { task: { id: string } }[]): string[] => tasks.map(({ task }) => task.id);

test('the tasks that run are read page by page', async () => {
  await using store = await openStore();
  const { database } = store;
  const ids: string[] = [];
  for (let number = 0; number < 5; number += 1) ids.push(await submitted(database, number));
  await holdTask(database);
  await claimTask(database, await holdTask(database));
  const first = await findRunningTasks(database, account, { limit: 3 });
  expect(idsOf(first)).toEqual(ids.slice(0, 3));
  const afterId = first.at(-1)?.task.id ?? '';
  expect(idsOf(await findRunningTasks(database, account, { afterId, limit: 3 }))).toEqual(ids.slice(3));
  expect(await findRunningTasks(database, 'vendor/-/other', { limit: 3 })).toEqual([]);
});

test('a task whose end may be corrected is found for a day, one that ended otherwise never', async () => {
  await using store = await openStore();
  const { database } = store;
  const error = new UpstreamCallError('refused', 'ResourceNotFound', 'No such task.');
  const correctable = [failures.timedOut(6, null), failures.notFound(error), failures.gatewayError()];
  const lately: string[] = [];
  for (const [number, failure] of correctable.entries()) {
    const id = await submitted(database, number);
    await end(database, id, failure);
    lately.unshift(id);
  }
  const [long, failed] = [await submitted(database, 11), await submitted(database, 12)];
  await end(database, long);
  await end(database, failed, failures.generationFailed(null, null));
  // Nothing can be asked of it.
  await record(database, await claimTask(database, await holdTask(database)), noAnswer);
  await sql`update task set ended_at = ended_at - interval '25 hours' where id = ${long}`.execute(database);
  expect(idsOf(await findCorrectableTasks(database, account))).toEqual(lately);
  expect(await findRunningTasks(database, account, { limit: 10 })).toEqual([]);
  expect(await findFollowedTask(database, account, failed)).toBeNull();
  for (const [number, id] of lately.toReversed().entries())
    expect(await findFollowedTask(database, account, id)).toMatchObject({ upstreamTaskId: `4-AigcImage-${number}` });
});

test('a task is followed from its TaskId on, also when that came after it was given up', async () => {
  await using store = await openStore();
  const { database } = store;
  const id = await holdTask(database);
  const attempt = await claimTask(database, id);
  expect(await findFollowedTask(database, account, id)).toBeNull();
  await record(database, attempt, noAnswer);
  expect(await findFollowedTask(database, account, id)).toBeNull();
  await record(database, attempt, {
    kind: 'accepted',
    answer: { upstreamTaskId: 'x', requestId: null },
    answeredAt: new Date(),
  });
  expect(await findFollowedTask(database, account, id)).toMatchObject({
    upstreamTaskId: 'x',
    task: { state: 'submitted' },
  });
  expect(await findFollowedTask(database, 'vendor/-/other', id)).toBeNull();
});

test('what has not ended is counted by account', async () => {
  await using store = await openStore();
  const { database } = store;
  await holdTask(database);
  await holdTask(database, { request: { kind: 'VIDEO', prompt: 'a storm' } });
  await claimTask(database, await holdTask(database));
  await end(database, await submitted(database, 1));
  await submitted(database, 2);
  for (const other of ['b', 'a', 'b']) await holdTask(database, { account: other });
  const counts = await countTasksInFlight(database, account);
  expect(counts.toSorted((one, other) => one.count - other.count)).toEqual([
    { kind: 'VIDEO', status: 'WAIT', count: 1 },
    { kind: 'IMAGE', status: 'WAIT', count: 3 },
  ]);
  expect(await countForeignTasks(database, account)).toEqual([
    { account: 'a', count: 1 },
    { account: 'b', count: 2 },
  ]);
});
