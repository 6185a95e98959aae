import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { AnswerLog } from '../../src/domain/answer-log.ts';
import { UpstreamCallError } from '../../src/domain/upstream.ts';
import { requestCancel } from '../../src/store/submitting.ts';
import { endOrphans, findOrphans } from '../../src/tasks/end-orphans.ts';
import { recordOutcome, replayAnswerLog } from '../../src/tasks/record-outcome.ts';
import { createSchedulingUseCases } from '../../src/tasks/scheduling.ts';
import { getTask, holdTask } from '../store/open-store.ts';
import { accepted, claimTask, record, takeLease } from '../store/task-states.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { ada, openTasks, type TestTasks } from './open-tasks.ts';

const notConnected = new UpstreamCallError('not-connected', 'ECONNREFUSED', 'There was no connection.');
const heldBack = { kind: 'held-back', pausesAccount: false, error: notConnected } as const;
const answeredAt = new Date('2026-01-15T12:00:00Z');

async function openClaimed() {
  const clock = createManualClock();
  const tasks = await openTasks({ clock });
  const id = await holdTask(tasks.database);
  return { ...tasks, clock, id, attempt: await claimTask(tasks.database, id) };
}

/** While it is away, nothing can be recorded of tasks. */
async function away({ database }: TestTasks): Promise<void> {
  await sql`alter table task rename to task_away`.execute(database);
}

async function back({ database }: TestTasks): Promise<void> {
  await sql`alter table task_away rename to task`.execute(database);
}

describe('while the database is away', () => {
  test('a TaskId is kept on disk, once, and recorded as soon as the database is back', async () => {
    await using tasks = await openClaimed();
    const { dependencies, clock, attempt, id } = tasks;
    await away(tasks);
    const recording = recordOutcome(
      dependencies,
      attempt,
      accepted('4-AigcImage-1', answeredAt),
      new AbortController().signal,
    );
    for (let time = 0; time < 3; time += 1) {
      await expect.poll(() => clock.sleepers()).toBe(1);
      await clock.advance(5_000);
    }
    const kept = { ...attempt, upstreamTaskId: '4-AigcImage-1', requestId: 'request-create', answeredAt };
    expect(await dependencies.answerLog.readAll()).toEqual([kept]);
    await expect.poll(() => clock.sleepers()).toBe(1);
    await back(tasks);
    await clock.advance(5_000);
    await recording;
    expect(await getTask(tasks.database, id)).toMatchObject({
      upstreamTaskId: '4-AigcImage-1',
      submittedAt: answeredAt,
    });
  });

  test('a TaskId that not even the disk takes is tried again all the same', async () => {
    await using tasks = await openClaimed();
    const { dependencies, clock, attempt, id } = tasks;
    const full: AnswerLog = { ...dependencies.answerLog, append: () => Promise.reject(new Error('ENOSPC')) };
    await away(tasks);
    const { signal } = new AbortController();
    const recording = recordOutcome({ ...dependencies, answerLog: full }, attempt, accepted('4-AigcImage-1'), signal);
    await expect.poll(() => clock.sleepers()).toBe(1);
    await back(tasks);
    await clock.advance(100);
    await recording;
    expect(await getTask(tasks.database, id)).toMatchObject({ upstreamTaskId: '4-AigcImage-1' });
  });

  test('other outcomes are not written to disk, and given up at the end of the grace', async () => {
    await using tasks = await openClaimed();
    const { dependencies, clock, attempt, id } = tasks;
    const grace = new AbortController();
    await away(tasks);
    const recording = recordOutcome(dependencies, attempt, heldBack, grace.signal);
    await expect.poll(() => clock.sleepers()).toBe(1);
    grace.abort();
    await recording;
    await back(tasks);
    expect(await dependencies.answerLog.readAll()).toEqual([]);
    expect((await getTask(tasks.database, id)).state).toBe('submitting');
  });
});

describe('at the next start, what is on disk', () => {
  test('is recorded and forgotten', async () => {
    await using tasks = await openClaimed();
    const { dependencies, attempt, id } = tasks;
    await dependencies.answerLog.append({ ...attempt, upstreamTaskId: '4-AigcImage-1', requestId: null, answeredAt });
    expect(await replayAnswerLog(dependencies)).toBe(1);
    expect(await getTask(tasks.database, id)).toMatchObject({
      upstreamTaskId: '4-AigcImage-1',
      submittedAt: answeredAt,
    });
    expect(await dependencies.answerLog.readAll()).toEqual([]);
    expect(await replayAnswerLog(dependencies)).toBe(0);
  });

  test('is recorded also on a task that was given up meanwhile', async () => {
    await using tasks = await openClaimed();
    const { dependencies, attempt, id } = tasks;
    await dependencies.answerLog.append({ ...attempt, upstreamTaskId: '4-AigcImage-1', requestId: null, answeredAt });
    await sql`update task set submitting_since = submitting_since - interval '1 hour'`.execute(tasks.database);
    await endOrphans(dependencies, await findOrphans(dependencies));
    expect(await getTask(tasks.database, id)).toMatchObject({
      failure: { code: 'SUBMISSION_UNCONFIRMED', upstreamCode: 'PROCESS_LOST' },
    });
    await replayAnswerLog(dependencies);
    expect(await getTask(tasks.database, id)).toMatchObject({
      status: 'WAIT',
      upstreamTaskId: '4-AigcImage-1',
      failure: null,
    });
  });

  test('changes nothing where it is already recorded, or belongs to another attempt, and stops no start', async () => {
    await using tasks = await openClaimed();
    const { dependencies, attempt, id, database } = tasks;
    await record(database, attempt, accepted('4-AigcImage-1', answeredAt));
    const before = await getTask(database, id);
    const other = await holdTask(database);
    const unknown = '0198c0de-0000-7000-8000-000000000000';
    const retried = await claimTask(database, other);
    for (const [taskId, number, upstreamTaskId] of [
      [id, attempt.attempt, '4-AigcImage-1'],
      [id, attempt.attempt, '4-AigcImage-2'],
      [other, retried.attempt + 1, '4-AigcImage-3'],
      // Somebody else's by now.
      [other, retried.attempt, '4-AigcImage-1'],
      [unknown, 1, '4-AigcImage-4'],
    ] as const) {
      await dependencies.answerLog.append({ taskId, attempt: number, upstreamTaskId, requestId: null, answeredAt });
    }
    expect(await replayAnswerLog(dependencies)).toBe(0);
    expect(await getTask(database, id)).toEqual(before);
    expect((await getTask(database, other)).state).toBe('submitting');
  });
});

test('an attempt that did not arrive gives the task back, or ends it where a cancel was asked for', async () => {
  await using tasks = await openClaimed();
  const { dependencies, database, id } = tasks;
  await recordOutcome(dependencies, tasks.attempt, heldBack, AbortSignal.abort());
  expect(await getTask(database, id)).toMatchObject({ state: 'held', revision: 1 });
  const again = await claimTask(database, id);
  await requestCancel(database, ada.owner, id);
  await recordOutcome(dependencies, again, heldBack, AbortSignal.abort());
  expect(await getTask(database, id)).toMatchObject({ failure: { code: 'CANCELED' }, revision: 2 });
});

test('a claim in doubt is undone if it was committed, and is nothing if it was not', async () => {
  await using tasks = await openClaimed();
  const { dependencies, database, id } = tasks;
  const scheduling = createSchedulingUseCases(dependencies);
  const epoch = await takeLease(database);
  const waiting = await holdTask(database);
  await scheduling.undoClaim(waiting, epoch);
  expect(await getTask(database, waiting)).toMatchObject({ state: 'held', revision: 1 });
  await scheduling.undoClaim(id, epoch + 1n);
  expect((await getTask(database, id)).state).toBe('submitting');
  await scheduling.undoClaim(id, epoch);
  expect((await getTask(database, id)).state).toBe('held');
});

test('an orphan is ended once, however many look for it', async () => {
  await using tasks = await openClaimed();
  const { dependencies, database, id } = tasks;
  expect(await findOrphans(dependencies)).toEqual([]);
  await sql`update task set submitting_since = submitting_since - interval '21 seconds'`.execute(database);
  const orphans = await findOrphans(dependencies);
  expect(orphans).toEqual([tasks.attempt]);
  await Promise.all([1, 2, 3].map(() => endOrphans(dependencies, orphans)));
  expect(await getTask(database, id)).toMatchObject({ state: 'ended', revision: 2 });
});
