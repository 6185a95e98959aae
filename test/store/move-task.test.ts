import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { moveOfAnswer, type Followed } from '../../src/domain/task/following.ts';
import { failures } from '../../src/domain/task/failures.ts';
import { failWith } from '../../src/domain/task/moves.ts';
import type { DescribeAnswer } from '../../src/domain/upstream.ts';
import type { Database } from '../../src/store/database.ts';
import { findHistories } from '../../src/store/find-histories.ts';
import { moveTask, type Moved } from '../../src/store/move-task.ts';
import { getTask, holdTask, openStore, owner } from './open-store.ts';
import { getFollowed, submitTask } from './task-states.ts';

const hourMs = 3_600_000;
const file = { type: 'IMAGE', url: 'https://results.example.com/1.png', duration: null } as const;

function answer(status: string): DescribeAnswer {
  const files = status === 'DONE' ? [file] : [];
  return { status, message: `said ${status}`, files, resolution: null, requestId: `request-${status}` };
}

/** Records what an answer means for a task as it was read before. null when it means nothing, or came too late. */
async function hear(database: Database, before: Followed, status: string, sentAt = new Date()): Promise<Moved | null> {
  const change = moveOfAnswer(before, answer(status), sentAt, 12 * hourMs);
  return change === null ? null : await moveTask(database, before.task.id, change);
}

async function openSubmitted() {
  const store = await openStore();
  const id = await holdTask(store.database);
  await submitTask(store.database, id, '4-AigcImage-1');
  return { ...store, id, before: await getFollowed(store.database, id) };
}

/** Since it was submitted. */
async function letHoursPass(database: Database, id: string, hours: number): Promise<void> {
  await sql`update task set submitted_at = submitted_at - make_interval(hours => ${hours}) where id = ${id}`.execute(
    database,
  );
}

test('a task runs through its life with one revision and one line of history for each change', async () => {
  await using store = await openSubmitted();
  const { database, id } = store;
  expect(await hear(database, await getFollowed(database, id), 'RUN')).toMatchObject({
    owner,
    kind: 'IMAGE',
    revision: 3,
  });
  expect(await hear(database, await getFollowed(database, id), 'RUN')).toBeNull();
  expect(await hear(database, await getFollowed(database, id), 'DONE')).toMatchObject({ revision: 4 });

  const task = await getTask(database, id);
  expect(task).toMatchObject({ state: 'ended', status: 'DONE', revision: 4, files: [file], failure: null });
  const [history] = [await findHistories(database, owner, [id])];
  expect(history.map(({ revision, status, message, requestId }) => [revision, status, message, requestId])).toEqual([
    [1, 'WAIT', null, null],
    [2, 'WAIT', null, 'request-create'],
    [3, 'RUN', 'said RUN', 'request-RUN'],
    [4, 'DONE', 'said DONE', 'request-DONE'],
  ]);
  const times = history.map(({ at }) => at.getTime());
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect(task.updatedAt).toEqual(history.at(-1)?.at);
  expect(task.startedAt?.getTime()).toBeLessThanOrEqual(task.endedAt?.getTime() ?? 0);
});

test('a stale answer that was read before the task moved on changes nothing', async () => {
  await using store = await openSubmitted();
  const { database, id, before } = store;
  expect(await hear(database, before, 'DONE')).not.toBeNull();
  const ended = await getTask(database, id);
  for (const status of ['RUN', 'FAIL', 'DONE']) expect(await hear(database, before, status)).toBeNull();
  expect(await hear(database, before, 'WAIT', new Date(Date.now() + 100 * hourMs))).toBeNull();
  expect(await getTask(database, id)).toEqual(ended);
  expect(await findHistories(database, owner, [id])).toHaveLength(ended.revision);
});

test('of many answers at once, each change is made once', async () => {
  await using store = await openSubmitted();
  const { database, id, before } = store;
  const running = await Promise.all(Array.from({ length: 12 }, () => hear(database, before, 'RUN')));
  expect(running.filter((moved) => moved !== null)).toHaveLength(1);
  const ends = await Promise.all(['DONE', 'FAIL', 'DONE', 'FAIL'].map((status) => hear(database, before, status)));
  expect(ends.filter((moved) => moved !== null)).toHaveLength(1);
  expect((await getTask(database, id)).revision).toBe(4);
});

test.each(['DONE', 'FAIL'])('a late %s corrects a task that timed out', async (status) => {
  await using store = await openSubmitted();
  const { database, id } = store;
  await letHoursPass(database, id, 7);
  expect(await hear(database, await getFollowed(database, id), 'RUN')).toMatchObject({ revision: 3 });
  expect(await getTask(database, id)).toMatchObject({ state: 'ended', failure: { code: 'TIMED_OUT' }, files: [] });
  const late = await getFollowed(database, id);
  expect(await hear(database, late, 'RUN')).toBeNull();
  expect(await hear(database, late, status)).toMatchObject({ revision: 4 });
  const corrected = await getTask(database, id);
  expect(corrected.status).toBe(status);
  expect(corrected.failure?.code).toBe(status === 'FAIL' ? 'GENERATION_FAILED' : undefined);
  expect(corrected.files).toEqual(status === 'DONE' ? [file] : []);
  // The correction is final.
  expect(await hear(database, late, status === 'DONE' ? 'FAIL' : 'DONE')).toBeNull();
});

test.each([failures.canceled(), failures.generationFailed('The content was refused.', null)])(
  'no answer corrects a task that ended with $code',
  async (failure) => {
    await using store = await openSubmitted();
    const { database, id, before } = store;
    await moveTask(database, id, { guard: { states: ['submitted'] }, move: failWith(failure) });
    for (const status of ['RUN', 'DONE', 'FAIL']) expect(await hear(database, before, status)).toBeNull();
    expect((await getTask(database, id)).failure).toEqual(failure);
  },
);

test('a change never carries an earlier time than the one before, even when the clock was set back', async () => {
  await using store = await openSubmitted();
  const { database, id } = store;
  const future = new Date(Date.now() + hourMs);
  await database.updateTable('task').set({ updated_at: future }).where('id', '=', id).execute();
  await hear(database, await getFollowed(database, id), 'RUN');
  expect((await getTask(database, id)).updatedAt).toEqual(future);
});

test('nothing is moved in a task that is not there', async () => {
  await using store = await openStore();
  const change = { guard: { states: ['held'] as const }, move: failWith(failures.canceled()) };
  expect(await moveTask(store.database, '0198c0de-0000-7000-8000-000000000000', change)).toBeNull();
});

test('nothing times out before the database says that its time is over', async () => {
  await using store = await openSubmitted();
  const { database, id, before } = store;
  const inSevenHours = new Date(Date.now() + 7 * hourMs);
  expect(await hear(database, before, 'WAIT', inSevenHours)).toBeNull();
  expect(await getTask(database, id)).toMatchObject({ state: 'submitted', status: 'WAIT', revision: 2 });

  await letHoursPass(database, id, 6);
  expect(await hear(database, before, 'WAIT', inSevenHours)).toMatchObject({ revision: 3 });
  expect(await getTask(database, id)).toMatchObject({ status: 'FAIL', failure: { code: 'TIMED_OUT' } });
});
