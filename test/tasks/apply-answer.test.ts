import { expect, test } from 'vitest';
import type { Followed } from '../../src/domain/following.ts';
import { UpstreamCallError, type DescribeAnswer } from '../../src/domain/upstream.ts';
import { applyAnswer, applyMissing } from '../../src/tasks/apply-answer.ts';
import { getTask, holdTask } from '../store/open-store.ts';
import { getFollowed, submitTask } from '../store/task-states.ts';
import { openTasks } from './open-tasks.ts';

const unknownTask = new UpstreamCallError('refused', 'InvalidParameterValue.TaskId', 'No such task.');

function answer(status: string): DescribeAnswer {
  return { status, message: null, files: [], resolution: null, requestId: null };
}

async function openFollowed() {
  const tasks = await openTasks();
  const id = await holdTask(tasks.database);
  await submitTask(tasks.database, id, '4-AigcImage-1');
  const followed = await getFollowed(tasks.database, id);
  const submittedAt = followed.task.submittedAt?.getTime() ?? 0;
  return { ...tasks, id, followed, later: (seconds: number) => new Date(submittedAt + seconds * 1_000) };
}

test('an answer that moves nothing is only counted, and costs no statement', async () => {
  await using tasks = await openFollowed();
  const { dependencies, statements, later } = tasks;
  let { followed } = tasks;
  const before = statements.length;
  for (let poll = 1; poll <= 5; poll += 1) {
    const applied = await applyAnswer(dependencies, followed, answer('WAIT'), later(poll));
    expect(applied.lost).toBe(false);
    followed = applied.followed;
  }
  expect(statements.slice(before)).toEqual([]);
  expect(followed).toMatchObject({ unrecordedPolls: 5, lastPolledAt: later(5), lastUnfinishedAt: later(5) });
});

test('whoever sees a move sees the polls that led to it', async () => {
  await using tasks = await openFollowed();
  const { dependencies, database, id, later } = tasks;
  const waited = await applyAnswer(dependencies, tasks.followed, answer('WAIT'), later(1));
  const running = await applyAnswer(dependencies, waited.followed, answer('RUN'), later(2));
  expect(running).toMatchObject({ lost: false, followed: { unrecordedPolls: 0, task: { status: 'RUN' } } });
  expect(await getTask(database, id)).toMatchObject({ status: 'RUN', pollCount: 2, lastPolledAt: later(2) });
  const done = await applyAnswer(dependencies, running.followed, answer('DONE'), later(3));
  expect(done.followed.task).toMatchObject({ state: 'ended', status: 'DONE' });
  const expiresAt = new Date(later(2).getTime() + dependencies.resultLifeMs);
  expect(await getTask(database, id)).toMatchObject({ pollCount: 3, filesExpiry: { kind: 'at', at: expiresAt } });
});

test('who comes too late is told that the task was moved meanwhile', async () => {
  await using tasks = await openFollowed();
  const { dependencies, followed, later } = tasks;
  expect((await applyAnswer(dependencies, followed, answer('DONE'), later(1))).lost).toBe(false);
  expect((await applyAnswer(dependencies, followed, answer('FAIL'), later(1))).lost).toBe(true);
  expect((await getTask(tasks.database, tasks.id)).status).toBe('DONE');
});

test('a task that stays unknown ends after three answers over two minutes, in whatever process they came', async () => {
  await using tasks = await openFollowed();
  const { dependencies, database, id, later } = tasks;
  const miss = async (followed: Followed, seconds: number) =>
    (await applyMissing(dependencies, followed, unknownTask, later(seconds))).followed;
  const first = await miss(tasks.followed, 10);
  const second = await miss(first, 70);
  const early = await miss(second, 129);
  expect((await getTask(database, id)).state).toBe('submitted');
  expect(await miss(early, 130)).toMatchObject({ task: { state: 'ended', failure: { code: 'NOT_FOUND' } } });
  expect(await getTask(database, id)).toMatchObject({ status: 'FAIL', failure: { code: 'NOT_FOUND' }, pollCount: 4 });
  // It is final.
  expect((await applyAnswer(dependencies, early, answer('DONE'), later(140))).lost).toBe(true);
});

test('a task that is known again after two such answers goes on', async () => {
  await using tasks = await openFollowed();
  const { dependencies, later } = tasks;
  const first = await applyMissing(dependencies, tasks.followed, unknownTask, later(10));
  const second = await applyMissing(dependencies, first.followed, unknownTask, later(200));
  const known = await applyAnswer(dependencies, second.followed, answer('RUN'), later(210));
  const again = await applyMissing(dependencies, known.followed, unknownTask, later(400));
  expect(again.followed).toMatchObject({ missingCount: 1, task: { state: 'submitted', status: 'RUN' } });
});
