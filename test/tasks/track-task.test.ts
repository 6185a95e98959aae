import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  InvalidInputError,
  QuotaExceededError,
  TemporarilyUnavailableError,
  UpstreamTaskNotFoundError,
} from '../../src/domain/errors.ts';
import { documentedResultLifeMs } from '../../src/domain/task/following.ts';
import { UpstreamCallError, type DescribeAnswer } from '../../src/domain/upstream.ts';
import { moveOfAnswer } from '../../src/domain/task/following.ts';
import { failures } from '../../src/domain/task/failures.ts';
import { failWith } from '../../src/domain/task/moves.ts';
import type { TaskFailure } from '../../src/domain/task/task.ts';
import { moveTask } from '../../src/store/move-task.ts';
import { noQuotas } from '../support/no-quotas.ts';
import { holdTask } from '../store/open-store.ts';
import { getFollowed, submitTask } from '../store/task-states.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { ada, countTasks, grace, openTasks, type TestTasks } from './open-tasks.ts';

const file = { type: 'IMAGE', url: 'https://results.example.com/1.png', duration: null } as const;

function answer(status: string): DescribeAnswer {
  const files = status === 'DONE' ? [file] : [];
  return { status, message: status === 'FAIL' ? 'No.' : null, files, resolution: null, requestId: 'request-1' };
}

const openWith = (status: string) => openTasks({ describe: async () => answer(status), clock: createManualClock() });
const openFailing = (error: Error) => openTasks({ describe: () => Promise.reject(error) });
const image = { upstreamTaskId: '4-AigcImage-c3b145ec76', kind: null };

describe('a task that was made elsewhere', () => {
  test.each([
    ['WAIT', 'WAIT', 1],
    ['RUN', 'RUN', 2],
    ['QUEUEING', 'WAIT', 1],
  ])('and is %s is followed from now on', async (said, status, revision) => {
    await using tasks = await openWith(said);
    const task = await tasks.useCases.trackTask(ada, image);
    expect(task).toMatchObject({
      kind: 'IMAGE',
      mode: 'UNKNOWN',
      status,
      revision,
      state: 'submitted',
      request: null,
      upstreamTaskId: image.upstreamTaskId,
      pollCount: 1,
    });
    const [history] = await tasks.useCases.findHistories(ada, [task.id]);
    expect(history).toHaveLength(revision);
  });

  test('and was first seen unfinished has results that live from that look on', async () => {
    await using tasks = await openWith('RUN');
    const { id } = await tasks.useCases.trackTask(ada, image);
    const sentAt = new Date(tasks.dependencies.clock.now());
    const followed = await getFollowed(tasks.database, id);
    expect(followed).toMatchObject({ lastUnfinishedAt: sentAt, lastPolledAt: sentAt });
    const done = moveOfAnswer(followed, answer('DONE'), new Date(sentAt.getTime() + 60_000), documentedResultLifeMs);
    if (done) await moveTask(tasks.database, id, done);
    const [task] = await tasks.useCases.findTasks(ada, [id]);
    expect(task?.filesExpiry).toEqual({ kind: 'at', at: new Date(sentAt.getTime() + documentedResultLifeMs) });
  });

  test('and is DONE already has results of which nobody knows how long they live', async () => {
    await using tasks = await openWith('DONE');
    const task = await tasks.useCases.trackTask(ada, image);
    expect(task).toMatchObject({ status: 'DONE', files: [file], filesExpiry: { kind: 'unknown' }, revision: 2 });
  });

  test('and has failed is recorded as failed', async () => {
    await using tasks = await openWith('FAIL');
    const task = await tasks.useCases.trackTask(ada, image);
    expect(task).toMatchObject({ status: 'FAIL', failure: { code: 'GENERATION_FAILED', message: 'No.' } });
  });

  test('is the same one when it is tracked again, and nobody is asked', async () => {
    await using tasks = await openWith('RUN');
    const first = await tasks.useCases.trackTask(ada, image);
    expect((await tasks.useCases.trackTask(ada, image)).id).toBe(first.id);
    expect(tasks.asked).toHaveLength(1);
    expect(await countTasks(tasks.database)).toBe(1);
  });

  test('is one task when it is tracked many times at once', async () => {
    await using tasks = await openWith('RUN');
    const tracked = await Promise.all(Array.from({ length: 8 }, () => tasks.useCases.trackTask(ada, image)));
    expect(new Set(tracked.map(({ id }) => id)).size).toBe(1);
    expect(await countTasks(tasks.database)).toBe(1);
  });

  test('and is another caller’s is answered like an unknown one', async () => {
    await using tasks = await openWith('RUN');
    await tasks.useCases.trackTask(grace, image);
    const foreign = await tasks.useCases.trackTask(ada, image).catch((error: unknown) => error);
    const error = new UpstreamCallError('refused', 'InvalidParameterValue.TaskId', 'No such task.');
    await using others = await openFailing(error);
    const unknown = await others.useCases.trackTask(ada, image).catch((refusal: unknown) => refusal);
    expect(foreign).toBeInstanceOf(UpstreamTaskNotFoundError);
    expect(foreign).toEqual(unknown);
    expect(tasks.asked).toHaveLength(2);
  });
});

describe('one of the caller’s own that has ended', () => {
  const unknownTask = new UpstreamCallError('refused', 'ResourceNotFound', 'No such task.');
  const image1 = { upstreamTaskId: '4-AigcImage-1', kind: null };

  /** Ended with this failure, a week ago: the scheduler asks no more. */
  async function openEnded(failure: TaskFailure, describeTask: () => Promise<DescribeAnswer>) {
    const tasks = await openTasks({ describe: describeTask });
    const id = await holdTask(tasks.database);
    await submitTask(tasks.database, id, '4-AigcImage-1');
    await moveTask(tasks.database, id, { guard: { states: ['submitted'] }, move: failWith(failure) });
    await sql`update task set ended_at = ended_at - interval '7 days'`.execute(tasks.database);
    return { ...tasks, id };
  }

  test.each([
    [failures.notFound(unknownTask), 'RUN'],
    [failures.notFound(unknownTask), 'DONE'],
    [failures.gatewayError(), 'WAIT'],
    [failures.gatewayError(), 'DONE'],
    [failures.timedOut(6, null), 'DONE'],
    [failures.timedOut(6, null), 'FAIL'],
  ])('as $code becomes what the vendor says: %s', async (failure, said) => {
    await using tasks = await openEnded(failure, async () => answer(said));
    const tracked = await tasks.useCases.trackTask(ada, image1);
    expect(tracked).toMatchObject({ id: tasks.id, status: said, pollCount: 1 });
    expect(tasks.asked).toEqual([{ kind: 'IMAGE', upstreamTaskId: '4-AigcImage-1' }]);
    // A new revision, which its watchers are told.
    expect(tracked.revision).toBe(4);
    expect(await countTasks(tasks.database)).toBe(1);
    // It may run again, and is polled then.
    await expect.poll(() => tasks.followed).toEqual([tasks.id]);
  });

  test('stays as it is where the vendor still doesn’t know it, or has no end for one that timed out', async () => {
    const notFound = failures.notFound(unknownTask);
    await using unknown = await openEnded(notFound, () => Promise.reject(unknownTask));
    expect(await unknown.useCases.trackTask(ada, image1)).toMatchObject({
      failure: notFound,
      revision: 3,
      pollCount: 1,
    });
    await using running = await openEnded(failures.timedOut(6, null), async () => answer('RUN'));
    const { failure } = await running.useCases.trackTask(ada, image1);
    expect(failure).toMatchObject({ code: 'TIMED_OUT' });
  });

  test('is told that the vendor can’t be asked now', async () => {
    const away = new UpstreamCallError('no-answer', 'ECONNRESET', 'No answer came.');
    await using tasks = await openEnded(failures.gatewayError(), () => Promise.reject(away));
    await expect(tasks.useCases.trackTask(ada, image1)).rejects.toThrow(TemporarilyUnavailableError);
  });

  test('for good, or well, is answered as it is, and nobody is asked', async () => {
    await using failed = await openEnded(failures.generationFailed('No.', null), async () => answer('DONE'));
    expect(await failed.useCases.trackTask(ada, image1)).toMatchObject({ failure: { code: 'GENERATION_FAILED' } });
    await using done = await openWith('DONE');
    const { id } = await done.useCases.trackTask(ada, image);
    expect(await done.useCases.trackTask(ada, image)).toMatchObject({ id, status: 'DONE' });
    expect([failed.asked.length, done.asked.length]).toEqual([0, 1]);
  });
});

describe('where there is room for one', () => {
  const quotas = { ...noQuotas, tasksInFlight: { default: 1, byOwner: new Map() } };
  const another = { upstreamTaskId: '4-AigcImage-another', kind: null };

  test('a second one is refused before anybody is asked, without a time to wait, as nobody can tell its end', async () => {
    await using tasks = await openTasks({ describe: async () => answer('RUN'), quotas });
    const { id } = await tasks.useCases.trackTask(ada, image);
    const refusal = await tasks.useCases.trackTask(ada, another).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(QuotaExceededError);
    expect(refusal).toMatchObject({ retryAfterSeconds: null });
    expect(tasks.asked).toHaveLength(1);
    // The controls: the same again, and another caller's.
    expect((await tasks.useCases.trackTask(ada, image)).id).toBe(id);
    expect(await tasks.useCases.trackTask(grace, another)).toMatchObject({ status: 'RUN' });
  });

  /** While the upstream is asked, the room is taken. */
  async function trackWhile(meanwhile: (tasks: TestTasks) => Promise<unknown>) {
    let first = true;
    const tasks: TestTasks = await openTasks({
      quotas,
      async describe() {
        if (first) {
          first = false;
          await meanwhile(tasks);
        }
        return answer('RUN');
      },
    });
    const told = await tasks.useCases.trackTask(ada, image).catch((error: unknown) => error);
    const count = await countTasks(tasks.database);
    await tasks[Symbol.asyncDispose]();
    return { told, count };
  }

  const create = ({ useCases }: TestTasks) => useCases.createTask(ada, { kind: 'IMAGE', prompt: 'a boat' }, null);

  test('one that finds the room taken while it asked is refused', async () => {
    const { told, count } = await trackWhile(create);
    expect(told).toBeInstanceOf(QuotaExceededError);
    expect(count).toBe(1);
  });

  test('one that is another caller’s by then is answered like an unknown one, full or not', async () => {
    const trackByAnother = ({ useCases }: TestTasks) => useCases.trackTask(grace, image);
    for (const meanwhile of [
      trackByAnother,
      (tasks: TestTasks) => Promise.all([trackByAnother(tasks), create(tasks)]),
    ]) {
      expect((await trackWhile(meanwhile)).told).toEqual(new UpstreamTaskNotFoundError());
    }
  });

  test('one that the caller itself has tracked at the same time is answered', async () => {
    const { told, count } = await trackWhile(({ useCases }) => useCases.trackTask(ada, image));
    expect(told).toMatchObject({ upstreamTaskId: image.upstreamTaskId });
    expect(count).toBe(1);
  });
});

describe('nothing is recorded', () => {
  let tasks: TestTasks;
  beforeAll(async () => {
    tasks = await openTasks();
  });
  afterAll(() => tasks[Symbol.asyncDispose]());

  test.each(['InvalidParameterValue.TaskId', 'ResourceNotFound.TaskNotFound'])(
    'for an id that the upstream answers with %s',
    async (code) => {
      await using failing = await openFailing(new UpstreamCallError('refused', code, 'No such task.'));
      await expect(failing.useCases.trackTask(ada, image)).rejects.toThrow(UpstreamTaskNotFoundError);
      expect(await countTasks(failing.database)).toBe(0);
    },
  );

  test.each([
    ['not-connected', 'ECONNREFUSED'],
    ['no-answer', 'TIMEOUT'],
    ['refused', 'InternalError'],
    ['refused', 'RequestLimitExceeded'],
  ] as const)('while the upstream can not tell: %s %s', async (phase, code) => {
    const cause = new UpstreamCallError(phase, code, 'It did not work.');
    await using failing = await openFailing(cause);
    const refusal = await failing.useCases.trackTask(ada, image).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(TemporarilyUnavailableError);
    expect(refusal).toMatchObject({ cause });
    expect(await countTasks(failing.database)).toBe(0);
  });

  test.each([
    ['', null, 'upstreamTaskId', 'REQUIRED'],
    ['   ', 'IMAGE', 'upstreamTaskId', 'REQUIRED'],
    ['x'.repeat(256), 'IMAGE', 'upstreamTaskId', 'TOO_LONG'],
    ['4-AigcImage-1 ', null, 'upstreamTaskId', 'MALFORMED'],
    ['4-AigcImage-1\0', null, 'upstreamTaskId', 'MALFORMED'],
    ['任务', 'IMAGE', 'upstreamTaskId', 'MALFORMED'],
    ['an-id-that-tells-nothing', null, 'kind', 'REQUIRED'],
    ['4-AigcImage-1', 'VIDEO', 'kind', 'NOT_ALLOWED'],
    ['24000145-AigcAudio-1', 'VIDEO', 'kind', 'NOT_ALLOWED'],
  ] as const)('for %j as %s: %s is %s', async (upstreamTaskId, kind, field, code) => {
    const refusal = await tasks.useCases.trackTask(ada, { upstreamTaskId, kind }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InvalidInputError);
    expect(refusal).toMatchObject({ issues: [{ path: [field], code }] });
    expect(tasks.asked).toEqual([]);
  });
});

test.each([
  ['4-AigcImage-1', null, 'IMAGE'],
  ['4-AigcVideo-1', 'VIDEO', 'VIDEO'],
  ['24000145-AigcAudio-1', null, 'AUDIO'],
  ['4-aigcvideo-1', null, 'VIDEO'],
  ['an-id-that-tells-nothing', 'AUDIO', 'AUDIO'],
] as const)('%s with the kind %s is asked after as %s', async (upstreamTaskId, given, kind) => {
  await using tasks = await openWith('RUN');
  expect((await tasks.useCases.trackTask(ada, { upstreamTaskId, kind: given })).kind).toBe(kind);
  expect(tasks.asked).toEqual([{ kind, upstreamTaskId }]);
});
