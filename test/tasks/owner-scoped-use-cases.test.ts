import { describe, expect, test } from 'vitest';
import { IdempotencyConflictError, TaskAlreadySubmittedError, TaskNotFoundError } from '../../src/domain/errors.ts';
import type { TaskChange } from '../../src/domain/task/task-change.ts';
import type { Task, TaskEvent } from '../../src/domain/task/task.ts';
import type { WebhookAttempt } from '../../src/domain/task/webhook.ts';
import { scopeToOwner, type CallerUseCases } from '../../src/tasks/owner-scoped-use-cases.ts';
import type { UseCases } from '../../src/tasks/use-cases.ts';
import { changeOf, createInMemoryUseCases, imageTask, taskId } from '../schema/in-memory-use-cases.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const own = imageTask(1, { upstreamTaskId: '4-AigcImage-own' });
const foreign = imageTask(2, { owner: 'mallory', upstreamTaskId: '4-AigcImage-foreign' });
const asOf = new Date(0);
const quota = { tasksInFlight: null, createsPerMinute: null };
const event: TaskEvent = {
  taskId: own.id,
  owner: 'alice',
  revision: 1,
  status: 'WAIT',
  at: asOf,
  message: null,
  requestId: null,
};

const webhookAttempt: WebhookAttempt = {
  taskId: own.id,
  owner: 'alice',
  event: 'ENDED',
  revision: 2,
  attempt: 1,
  at: asOf,
  statusCode: 204,
  error: null,
  nextAttemptAt: null,
};

/** Use cases that have forgotten to ask whose the tasks are, as alice has them. */
function forgetful(changes: Partial<UseCases> = {}) {
  const errors: string[] = [];
  const { useCases } = createInMemoryUseCases([foreign, own], changes);
  return { useCases: scopeToOwner({ owner: 'alice' }, useCases, createRecordingLogger(errors)), errors };
}

async function* streamOf<Thing>(...things: Thing[]) {
  yield* things;
}

async function collect(stream: AsyncIterable<Task>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of stream) ids.push(id);
  return ids;
}

async function collectChanges(stream: AsyncIterable<TaskChange>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { task } of stream) ids.push(task.id);
  return ids;
}

describe('where a use case forgot its owner, what is foreign', () => {
  test.each<[string, Partial<UseCases>, (useCases: CallerUseCases) => Promise<unknown>, unknown]>([
    ['is absent among found tasks', {}, (of) => of.findTasks([taskId(2), taskId(1)]), [null, own]],
    [
      'is absent among tasks found by upstream id',
      {},
      (of) => of.findTasksByUpstreamId(['4-AigcImage-foreign', '4-AigcImage-own']),
      [null, own],
    ],
    ['is absent from a page', {}, async (of) => (await of.listTasks({ first: 2 }, {})).tasks, [own]],
    [
      'is absent from histories',
      { findHistories: async () => [[event, { ...event, owner: 'mallory' }]] },
      (of) => of.findHistories([taskId(1)]),
      [[event]],
    ],
    [
      'is absent from what webhooks were told',
      { findWebhookAttempts: async () => [[webhookAttempt, { ...webhookAttempt, owner: 'mallory' }]] },
      (of) => of.findWebhookAttempts([taskId(1)]),
      [[webhookAttempt]],
    ],
    [
      'is dropped from a task’s stream',
      { watchTask: async () => streamOf(foreign, own) },
      async (of) => collect(await of.watchTask(taskId(2))),
      [own.id],
    ],
    [
      'is dropped from a stream of changes',
      { watchTaskChanges: async () => streamOf(changeOf(own), changeOf(foreign), changeOf(own)) },
      async (of) => collectChanges(await of.watchTaskChanges({}, null)),
      [own.id, own.id],
    ],
  ])('%s', async (_behaviour, changes, ask, expected) => {
    const { useCases, errors } = forgetful(changes);
    const answer = await ask(useCases);
    expect(answer).toEqual(expected);
    expect(errors).toEqual(['What is not the caller’s was about to be shown, and was left out.']);
  });

  test.each<[string, Partial<UseCases>, (useCases: CallerUseCases) => Promise<unknown>]>([
    ['created', { createTask: async () => foreign }, (of) => of.createTask({ kind: 'IMAGE', prompt: 'x' }, null)],
    ['tracked', { trackTask: async () => foreign }, (of) => of.trackTask({ upstreamTaskId: 'x', kind: null })],
    ['canceled', { cancelTask: async () => foreign }, (of) => of.cancelTask(taskId(2))],
    ['retried', { retryTask: async () => foreign }, (of) => of.retryTask(taskId(2), null)],
    [
      'the reason that it can’t be canceled',
      { cancelTask: () => Promise.reject(new TaskAlreadySubmittedError(foreign)) },
      (of) => of.cancelTask(taskId(2)),
    ],
    [
      'what a key stands for',
      { createTask: () => Promise.reject(new IdempotencyConflictError(foreign)) },
      (of) => of.createTask({ kind: 'IMAGE', prompt: 'x' }, 'key'),
    ],
    [
      'where a caller stands',
      { getViewer: async () => ({ owner: 'mallory', tasksInFlight: 9, createsLastMinute: 9, quota }) },
      (of) => of.getViewer(),
    ],
  ])('is not found when it is %s', async (_what, changes, ask) => {
    const { useCases, errors } = forgetful(changes);
    expect(await ask(useCases).catch((error: unknown) => error)).toEqual(new TaskNotFoundError());
    expect(errors).toHaveLength(1);
  });
});

test('the control: what is the caller’s own comes through, its refusals too, and nothing is logged', async () => {
  const refusal = new TaskAlreadySubmittedError(own);
  const { useCases, errors } = forgetful({
    createTask: async () => own,
    cancelTask: () => Promise.reject(refusal),
    watchTaskChanges: async () => streamOf(changeOf(own), changeOf(own)),
  });
  expect(await useCases.createTask({ kind: 'IMAGE', prompt: 'x' }, null)).toBe(own);
  expect(await useCases.cancelTask(own.id).catch((error: unknown) => error)).toBe(refusal);
  expect(await useCases.findTasks([own.id])).toEqual([own]);
  expect(await useCases.findHistories([own.id])).toHaveLength(1);
  expect(await collectChanges(await useCases.watchTaskChanges({}, null))).toEqual([own.id, own.id]);
  expect(await useCases.getViewer()).toMatchObject({ owner: 'alice' });
  expect(errors).toEqual([]);
});

test('a reader that leaves a stream is let go at once, even while nothing happens', async () => {
  const left = Promise.withResolvers<string>();
  const silent: AsyncIterable<TaskChange> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => {
        left.resolve('let go');
        return { done: true, value: undefined };
      },
    }),
  };
  const { useCases } = forgetful({ watchTaskChanges: async () => silent });
  const changes = (await useCases.watchTaskChanges({}, null))[Symbol.asyncIterator]();
  void changes.next();
  void changes.return?.();
  expect(await left.promise).toBe('let go');
});

/** Checked by the compiler: none of these ways around the check is open. */
export function waysAround(useCases: UseCases, bound: CallerUseCases): CallerUseCases[] {
  const caller = { owner: 'alice' };
  // @ts-expect-error -- there is no caller to hand over
  void bound.findTasks(caller, []);
  const { findTasks, ...incomplete } = bound;
  return [
    // @ts-expect-error -- a use case that nobody has decided about
    incomplete,
    // @ts-expect-error -- one task that nobody has checked
    { ...incomplete, findTasks, cancelTask: (id) => useCases.cancelTask(caller, id) },
    // @ts-expect-error -- several
    { ...incomplete, findTasks: (ids) => useCases.findTasks(caller, ids) },
    // @ts-expect-error -- a page
    { ...incomplete, findTasks, listTasks: (page, filter) => useCases.listTasks(caller, page, filter) },
    // @ts-expect-error -- a stream
    { ...incomplete, findTasks, watchTask: (id) => useCases.watchTask(caller, id) },
    // @ts-expect-error -- a history
    { ...incomplete, findTasks, findHistories: (ids) => useCases.findHistories(caller, ids) },
  ];
}
