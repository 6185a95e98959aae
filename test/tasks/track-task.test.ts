import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  InvalidInputError,
  QuotaExceededError,
  TemporarilyUnavailableError,
  UpstreamTaskNotFoundError,
} from '../../src/domain/errors.ts';
import { documentedResultLifeMs } from '../../src/domain/following.ts';
import { UpstreamCallError, type DescribeAnswer } from '../../src/domain/upstream.ts';
import { moveOfAnswer } from '../../src/domain/following.ts';
import { moveTask } from '../../src/store/move-task.ts';
import { noQuotas } from '../../src/domain/quota.ts';
import { getFollowed } from '../store/task-states.ts';
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

describe('where there is room for one', () => {
  const quotas = { ...noQuotas, tasksInFlight: { usual: 1, byOwner: new Map() } };
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
