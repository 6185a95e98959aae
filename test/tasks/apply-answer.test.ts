import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Followed } from '../../src/domain/task/following.ts';
import { UpstreamCallError, type DescribeAnswer } from '../../src/domain/upstream.ts';
import { recordProgress } from '../../src/store/progress.ts';
import { applyAnswer, applyMissing } from '../../src/tasks/apply-answer.ts';
import { getTask, holdTask } from '../store/open-store.ts';
import { getFollowed, submitTask } from '../store/task-states.ts';
import { openTasks } from './open-tasks.ts';

const unknownTask = new UpstreamCallError('refused', 'InvalidParameterValue.TaskId', 'No such task.');

const file = { type: 'IMAGE', url: 'https://results.example.com/1.png', duration: null } as const;

function answer(status: string): DescribeAnswer {
  const files = status === 'DONE' ? [file] : [];
  return { status, message: null, files, resolution: null, requestId: null };
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

test('a move is seen together with the polls that led to it', async () => {
  await using tasks = await openFollowed();
  const { dependencies, database, id, later } = tasks;
  const { revision } = await getTask(database, id);
  const waited = await applyAnswer(dependencies, tasks.followed, answer('WAIT'), later(1));
  // What another sees after each statement.
  const seen: { revision: number; pollCount: number }[] = [];
  const observed = database.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      const task = await getTask(database, id);
      seen.push({ revision: task.revision, pollCount: task.pollCount });
      return result;
    },
  });
  const observing = { ...dependencies, database: observed };
  const running = await applyAnswer(observing, waited.followed, answer('RUN'), later(2));
  expect(seen).not.toContainEqual({ revision: revision + 1, pollCount: 0 });
  expect(seen.at(-1)).toEqual({ revision: revision + 1, pollCount: 2 });
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

test('a task that is unknown ends where that is believed, and becomes what the upstream says of it later', async () => {
  await using tasks = await openFollowed();
  const { dependencies, database, id, later } = tasks;
  const miss = async (followed: Followed, seconds: number, isBelieved: boolean) =>
    (await applyMissing(dependencies, followed, unknownTask, later(seconds), isBelieved)).followed;
  const doubted = await miss(tasks.followed, 10, false);
  expect(doubted).toMatchObject({ missingCount: 1, task: { state: 'submitted' } });
  const ended = await miss(doubted, 130, true);
  expect(ended).toMatchObject({ task: { state: 'ended', failure: { code: 'NOT_FOUND' } } });
  expect(await getTask(database, id)).toMatchObject({ status: 'FAIL', failure: { code: 'NOT_FOUND' }, pollCount: 2 });

  const running = await applyAnswer(dependencies, ended, answer('RUN'), later(3_700));
  expect(running).toMatchObject({
    lost: false,
    followed: { task: { state: 'submitted', failure: null, endedAt: null } },
  });
  expect(await getTask(database, id)).toMatchObject({ status: 'RUN', failure: null, endedAt: null });
  const done = await applyAnswer(dependencies, running.followed, answer('DONE'), later(3_710));
  expect(done.followed.task).toMatchObject({ state: 'ended', status: 'DONE' });
  // That is final.
  expect((await applyAnswer(dependencies, ended, answer('RUN'), later(3_720))).lost).toBe(true);
});

test('DONE without a file is kept through a restart, and believed five minutes after it was first said', async () => {
  await using tasks = await openFollowed();
  const { dependencies, database, id, later } = tasks;
  const empty = { ...answer('DONE'), files: [] };
  const first = await applyAnswer(dependencies, tasks.followed, empty, later(10));
  await recordProgress(database, [first.followed]);
  expect(await getTask(database, id)).toMatchObject({ status: 'WAIT', warnings: [] });
  // As the next process reads it.
  const read = await getFollowed(database, id);
  expect(read.emptyDoneSince).toEqual(later(10));
  const early = await applyAnswer(dependencies, read, empty, later(309));
  expect((await getTask(database, id)).state).toBe('submitted');
  await applyAnswer(dependencies, early.followed, empty, later(310));
  const task = await getTask(database, id);
  expect(task).toMatchObject({ status: 'DONE', files: [] });
  expect(task.warnings).toEqual([expect.stringContaining('no file')]);
});

describe('an answer that PostgreSQL refuses', () => {
  /** As a lone surrogate, or anything else that no row takes. */
  const unstorable = { ...answer('DONE'), message: 'half a pair: \u0000' };

  test('ends the task as GATEWAY_ERROR, once, and an answer that can be recorded corrects that', async () => {
    await using tasks = await openFollowed();
    const { dependencies, database, id, later } = tasks;
    const { followed, lost } = await applyAnswer(dependencies, tasks.followed, unstorable, later(10));
    expect(lost).toBe(false);
    expect(followed.task).toMatchObject({ state: 'ended', failure: { code: 'GATEWAY_ERROR' }, endedAt: later(10) });
    const ended = await getTask(database, id);
    expect(ended).toMatchObject({
      status: 'FAIL',
      failure: { code: 'GATEWAY_ERROR' },
      upstreamTaskId: '4-AigcImage-1',
    });
    const again = await applyAnswer(dependencies, followed, unstorable, later(3_610));
    expect(again).toMatchObject({ lost: false, followed: { lastPolledAt: later(3_610) } });
    expect((await getTask(database, id)).revision).toBe(ended.revision);
    await applyAnswer(dependencies, again.followed, answer('DONE'), later(7_210));
    expect(await getTask(database, id)).toMatchObject({ status: 'DONE', failure: null });
  });

  test('is told where the task can not even be ended', async () => {
    await using tasks = await openFollowed();
    const { dependencies, database, id, later } = tasks;
    await sql`alter table task add constraint never_ends check (state <> 'ended')`.execute(database);
    const applied = await applyAnswer(dependencies, tasks.followed, answer('DONE'), later(10));
    expect(applied).toMatchObject({ lost: false, refused: true });
    expect((await getTask(database, id)).state).toBe('submitted');
  });
});
