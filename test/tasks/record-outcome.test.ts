import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { AnswerLog } from '../../src/domain/answer-log.ts';
import type { Followed } from '../../src/domain/task/following.ts';
import { RefusedRecordError } from '../../src/domain/task/refused-record.ts';
import { UpstreamCallError } from '../../src/domain/upstream.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { requestCancel } from '../../src/store/submitting.ts';
import { endOrphans, findOrphans } from '../../src/tasks/end-orphans.ts';
import { recordOutcome } from '../../src/tasks/record-outcome.ts';
import { replayAnswerLog } from '../../src/tasks/replay-answer-log.ts';
import { createSchedulingUseCases } from '../../src/tasks/scheduling.ts';
import { getTask, holdTask } from '../store/open-store.ts';
import { accepted, claimTask, getFollowed, record, submitTask, takeLease } from '../store/task-states.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { ada, openTasks, type TestTasks } from './open-tasks.ts';

const notConnected = new UpstreamCallError('not-connected', 'ECONNREFUSED', 'There was no connection.');
const heldBack = { kind: 'held-back', pausesAccount: false, error: notConnected } as const;
const answeredAt = new Date('2026-01-15T12:00:00Z');
/** Too long for an index also once it is compressed. */
const randomText = (length: number): string => randomBytes(length / 2).toString('hex');

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
    expect(await dependencies.answerLog.readAll()).toMatchObject([{ answer: kept }]);
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

  test('what this process is about to record is no orphan, however old', async () => {
    await using tasks = await openClaimed();
    const { dependencies, clock, attempt, id, database } = tasks;
    const scheduling = createSchedulingUseCases(dependencies);
    await away(tasks);
    const recording = scheduling.recordOutcome(
      attempt,
      accepted('4-AigcImage-1', answeredAt),
      new AbortController().signal,
    );
    await expect.poll(() => clock.sleepers()).toBe(1);
    await back(tasks);
    await sql`update task set submitting_since = submitting_since - interval '1 hour'`.execute(database);
    expect(await scheduling.findOrphans()).toEqual([]);
    // The control: another process can't know.
    expect(await createSchedulingUseCases(dependencies).findOrphans()).toEqual([attempt]);
    await clock.advance(5_000);
    await recording;
    expect(await getTask(database, id)).toMatchObject({ state: 'submitted', revision: 2 });
  });

  test('neither is a claim in doubt that this process still has to undo', async () => {
    await using tasks = await openClaimed();
    const { dependencies, database, id } = tasks;
    const scheduling = createSchedulingUseCases(dependencies);
    const epoch = await takeLease(database);
    await away(tasks);
    await expect(scheduling.claim(id, epoch)).rejects.toThrow();
    await expect(scheduling.undoClaim(id, epoch)).rejects.toThrow();
    await back(tasks);
    await sql`update task set submitting_since = submitting_since - interval '1 hour'`.execute(database);
    expect(await scheduling.findOrphans()).toEqual([]);
    await scheduling.undoClaim(id, epoch);
    expect((await getTask(database, id)).state).toBe('held');
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
      // Another process's by now.
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

describe('what PostgreSQL refuses', () => {
  const { signal } = new AbortController();

  /** What can't be recorded of a task in this state. */
  const refuse = async ({ database }: TestTasks, what: string): Promise<void> => {
    await sql`alter table task add constraint refusal check (not (${sql.raw(what)}))`.execute(database);
  };

  test('is not tried for ever: the task ends as GATEWAY_ERROR, with its TaskId', async () => {
    await using tasks = await openClaimed();
    const { dependencies, attempt, id } = tasks;
    await refuse(tasks, "state = 'submitted'");
    await recordOutcome(dependencies, attempt, accepted('4-AigcImage-1', answeredAt), signal);
    expect(await getTask(tasks.database, id)).toMatchObject({
      status: 'FAIL',
      failure: { code: 'GATEWAY_ERROR', retryable: false },
      upstreamTaskId: '4-AigcImage-1',
      submittedAt: answeredAt,
    });
    expect(await getFollowed(tasks.database, id)).toMatchObject({ upstreamTaskId: '4-AigcImage-1' });
    expect(await dependencies.answerLog.readAll()).toEqual([]);
  });

  test('has its TaskId kept also on a task that was given up meanwhile', async () => {
    await using tasks = await openClaimed();
    const { dependencies, attempt, id, database } = tasks;
    await sql`update task set submitting_since = submitting_since - interval '1 hour'`.execute(database);
    await endOrphans(dependencies, await findOrphans(dependencies));
    await refuse(tasks, "state = 'submitted'");
    await recordOutcome(dependencies, attempt, accepted('4-AigcImage-1', answeredAt), signal);
    expect(await getTask(database, id)).toMatchObject({
      failure: { code: 'GATEWAY_ERROR' },
      upstreamTaskId: '4-AigcImage-1',
    });
  });

  test.each(['4-AigcImage-\0', `4-AigcImage-${randomText(9_000)}`])(
    'a TaskId that no row takes lies on disk, and its task ends all the same',
    async (upstreamTaskId) => {
      await using tasks = await openClaimed();
      const { dependencies, attempt, id } = tasks;
      await recordOutcome(dependencies, attempt, accepted(upstreamTaskId, answeredAt), signal);
      expect(await getTask(tasks.database, id)).toMatchObject({
        failure: { code: 'GATEWAY_ERROR' },
        upstreamTaskId: null,
      });
      const kept = { ...attempt, upstreamTaskId, requestId: 'request-create', answeredAt: answeredAt.toISOString() };
      expect(JSON.parse(await readFile(dependencies.answerLog.rejectedPath, 'utf8'))).toEqual(kept);
    },
  );

  test.each([['rejected'], ['unconfirmed']] as const)('%s ends the task as GATEWAY_ERROR', async (kind) => {
    await using tasks = await openClaimed();
    const error = new UpstreamCallError('refused', 'InvalidParameter\0', 'No.');
    await recordOutcome(tasks.dependencies, tasks.attempt, { kind, error }, signal);
    expect(await getTask(tasks.database, tasks.id)).toMatchObject({ failure: { code: 'GATEWAY_ERROR' } });
  });

  test('in every way is given up, not tried for ever', async () => {
    await using tasks = await openClaimed();
    await refuse(tasks, "state <> 'submitting'");
    await recordOutcome(tasks.dependencies, tasks.attempt, accepted('4-AigcImage-1', answeredAt), signal);
    expect(await getTask(tasks.database, tasks.id)).toMatchObject({ state: 'submitting' });
    expect(await readFile(tasks.dependencies.answerLog.rejectedPath, 'utf8')).toContain('4-AigcImage-1');
  });

  test('of a claim, or of its undoing, is told as such', async () => {
    await using tasks = await openClaimed();
    const { dependencies, database, id } = tasks;
    const scheduling = createSchedulingUseCases(dependencies);
    const waiting = await holdTask(database);
    const epoch = await takeLease(database);
    await refuse(tasks, `(id = '${waiting}' and state = 'submitting') or (id = '${id}' and state = 'held')`);
    await expect(scheduling.claim(waiting, epoch)).rejects.toThrow(RefusedRecordError);
    await expect(scheduling.undoClaim(id, epoch)).rejects.toThrow(RefusedRecordError);
    // Nothing will come of it any more: it is found by its age.
    await sql`update task set submitting_since = submitting_since - interval '21 seconds' where id = ${id}`.execute(
      database,
    );
    expect((await scheduling.findOrphans()).map(({ taskId }) => taskId)).toEqual([id]);
  });

  test('of one orphan keeps no other from being ended', async () => {
    await using tasks = await openClaimed();
    const { dependencies, database, id } = tasks;
    const other = await holdTask(database);
    await claimTask(database, other);
    await sql`update task set submitting_since = submitting_since - interval '21 seconds'`.execute(database);
    await refuse(tasks, `id = '${id}' and state = 'ended'`);
    await endOrphans(dependencies, await findOrphans(dependencies));
    expect(await getTask(database, id)).toMatchObject({ state: 'submitting' });
    expect(await getTask(database, other)).toMatchObject({ failure: { code: 'SUBMISSION_UNCONFIRMED' } });
  });

  test('of one task’s polls keeps no other’s from being recorded', async () => {
    await using tasks = await openTasks();
    const { dependencies, database } = tasks;
    const followed: Followed[] = [];
    for (let number = 0; number < 5; number += 1) {
      const id = await holdTask(database);
      await submitTask(database, id, `4-AigcImage-${number}`);
      followed.push({ ...(await getFollowed(database, id)), unrecordedPolls: number === 3 ? 2 ** 31 : 1 });
    }
    await createSchedulingUseCases(dependencies).recordPolls(followed);
    const counts = await Promise.all(followed.map(async ({ task }) => (await getTask(database, task.id)).pollCount));
    expect(counts).toEqual([1, 1, 1, 0, 1]);
  });
});

describe('a line on disk that can not be recorded', () => {
  const line = (taskId: string, attempt: number, upstreamTaskId: string): string =>
    JSON.stringify({ taskId, attempt, upstreamTaskId, requestId: null, answeredAt });

  /** Bad lines of every sort around one that is good and paid for. */
  async function openWithBadLines() {
    const errors: object[] = [];
    const tasks = await openClaimed();
    const { attempt, dependencies, id } = tasks;
    const other = await holdTask(tasks.database);
    const bad = [
      '{"taskId":"cut off',
      line('not-a-uuid', 1, '4-AigcImage-1'),
      line(id, 4_000_000_000, '4-AigcImage-2'),
      line(other, 1, '4-AigcImage-\0'),
    ];
    await writeFile(dependencies.answerLog.path, [...bad, line(id, attempt.attempt, '4-AigcImage-good')].join('\n'));
    const logger = {
      ...silentLogger,
      error: (found: object) => void errors.push(found),
      warn: () => {},
      info: () => {},
    };
    return { ...tasks, dependencies: { ...dependencies, logger }, bad, errors };
  }

  test('is set aside and told; the others are recorded, and the start goes on', async () => {
    await using tasks = await openWithBadLines();
    const { dependencies, database, id, bad, errors } = tasks;
    expect(await replayAnswerLog(dependencies)).toBe(1);
    expect(await getTask(database, id)).toMatchObject({ state: 'submitted', upstreamTaskId: '4-AigcImage-good' });
    const { path, rejectedPath } = dependencies.answerLog;
    const kept = (await readFile(rejectedPath, 'utf8')).split('\n').filter((text) => text !== '');
    expect(kept).toEqual(bad);
    expect(await dependencies.answerLog.readAll()).toEqual([]);
    const told = errors.filter((found) => 'line' in found);
    expect(told).toMatchObject([
      { file: path, line: 1, movedTo: rejectedPath },
      { file: path, line: 2, taskId: 'not-a-uuid', upstreamTaskId: '4-AigcImage-1' },
      { file: path, line: 3, taskId: id },
      { file: path, line: 4 },
    ]);
    // The next start finds nothing to do.
    expect(await replayAnswerLog(dependencies)).toBe(0);
  });

  test('is not lost where a start ends half-way, or no file can be written: the next one replays all', async () => {
    await using tasks = await openWithBadLines();
    const { dependencies, database, id, bad } = tasks;
    const stuck = { ...dependencies.answerLog, reject: () => Promise.reject(new Error('ENOSPC')) };
    expect(await replayAnswerLog({ ...dependencies, answerLog: stuck })).toBe(1);
    expect(await dependencies.answerLog.readAll()).toHaveLength(5);
    const recorded = await getTask(database, id);
    expect(await replayAnswerLog(dependencies)).toBe(0);
    expect(await getTask(database, id)).toEqual(recorded);
    const kept = (await readFile(dependencies.answerLog.rejectedPath, 'utf8'))
      .split('\n')
      .filter((text) => text !== '');
    expect(kept).toEqual(bad);
  });

  test('control: while the database is away, all lines stay and the start stops', async () => {
    await using tasks = await openWithBadLines();
    await away(tasks);
    await expect(replayAnswerLog(tasks.dependencies)).rejects.toThrow();
    await back(tasks);
    expect(await tasks.dependencies.answerLog.readAll()).toHaveLength(5);
  });
});

test('a TaskId that is recorded is announced to the process that schedules by then', async () => {
  await using tasks = await openClaimed();
  const { signal } = new AbortController();
  await recordOutcome(tasks.dependencies, tasks.attempt, accepted('4-AigcImage-1', answeredAt), signal);
  await expect.poll(() => tasks.followed).toEqual([tasks.id]);
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
