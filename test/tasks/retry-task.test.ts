import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { canRetry } from '../../src/domain/task/can-retry.ts';
import { IdempotencyConflictError, TaskNotFoundError, TaskNotRetryableError } from '../../src/domain/errors.ts';
import { failures } from '../../src/domain/task/failures.ts';
import { failWith } from '../../src/domain/task/moves.ts';
import type { TaskRequest } from '../../src/domain/request/request.ts';
import { taskFailureCodes, type Task } from '../../src/domain/task/task.ts';
import { moveTask } from '../../src/store/move-task.ts';
import { createUseCases } from '../../src/tasks/use-cases.ts';
import { accepted, claimTask, noAnswer, record, submitTask } from '../store/task-states.ts';
import { ada, countTasks, grace, openTasks, type TestTasks } from './open-tasks.ts';

const request: TaskRequest = { kind: 'VIDEO', prompt: 'a storm', model: { name: 'Nova', version: '9' }, duration: 7 };

/** A task of which nobody knows whether the upstream took it. */
async function failedTask({ useCases, database }: TestTasks): Promise<Task> {
  const { id } = await useCases.createTask(ada, request, 'the first');
  await record(database, await claimTask(database, id), noAnswer);
  const [failed] = await useCases.findTasks(ada, [id]);
  if (!failed) throw new Error('The task is not there.');
  return failed;
}

test('a retry is a new task with the same request, which says what it repeats', async () => {
  await using tasks = await openTasks();
  const failed = await failedTask(tasks);
  const retry = await tasks.useCases.retryTask(ada, failed.id, null);
  expect(retry.id).not.toBe(failed.id);
  expect(retry).toMatchObject({
    request: failed.request,
    mode: failed.mode,
    warnings: failed.warnings,
    retryOf: failed.id,
    state: 'held',
  });
  expect(tasks.handedOver).toEqual([failed.id, retry.id]);
});

test('without a key a failed task has one retry, however often and at once it is asked for', async () => {
  await using tasks = await openTasks();
  const failed = await failedTask(tasks);
  const retries = await Promise.all(Array.from({ length: 10 }, () => tasks.useCases.retryTask(ada, failed.id, null)));
  expect(new Set(retries.map(({ id }) => id)).size).toBe(1);
  expect(await countTasks(tasks.database)).toBe(2);
});

test('what failed in the sandbox, and was retried there, is retried with the vendor all the same', async () => {
  await using tasks = await openTasks();
  const failed = await failedTask(tasks);
  const rehearsed = await tasks.useCases.retryTask(ada, failed.id, null);
  const vendor = createUseCases({
    ...tasks.dependencies,
    account: 'vendor/-/other',
    tryFileUrl: async () => null,
  });
  const made = await vendor.retryTask(ada, failed.id, null);
  expect(made).toMatchObject({ account: 'vendor/-/other', retryOf: failed.id });
  expect(made.id).not.toBe(rehearsed.id);
  expect(await vendor.retryTask(ada, failed.id, null)).toEqual(made);
  expect(await tasks.useCases.retryTask(ada, failed.id, null)).toEqual(rehearsed);
});

test('with a key there is one retry for each key', async () => {
  await using tasks = await openTasks();
  const { retryTask } = tasks.useCases;
  const failed = await failedTask(tasks);
  const [one, again, other, keyless] = [
    await retryTask(ada, failed.id, 'one'),
    await retryTask(ada, failed.id, 'one'),
    await retryTask(ada, failed.id, 'other'),
    await retryTask(ada, failed.id, null),
  ];
  expect(again.id).toBe(one.id);
  expect(new Set([one.id, other.id, keyless.id]).size).toBe(3);
});

test('a key that stands for a create, or for the retry of another task, is a conflict', async () => {
  await using tasks = await openTasks();
  const { retryTask, createTask } = tasks.useCases;
  const failed = await failedTask(tasks);
  await expect(retryTask(ada, failed.id, 'the first')).rejects.toThrow(IdempotencyConflictError);
  const retry = await retryTask(ada, failed.id, 'retry');
  await expect(createTask(ada, request, 'retry')).rejects.toThrow(IdempotencyConflictError);
  await tasks.useCases.cancelTask(ada, retry.id);
  await expect(retryTask(ada, retry.id, 'retry')).rejects.toThrow(IdempotencyConflictError);
  expect((await retryTask(ada, retry.id, null)).retryOf).toBe(retry.id);
});

test('what did not fail is not retried', async () => {
  await using tasks = await openTasks();
  const { id } = await tasks.useCases.createTask(ada, request, null);
  await expect(tasks.useCases.retryTask(ada, id, null)).rejects.toThrow(TaskNotRetryableError);
  await submitTask(tasks.database, id, '4-AigcVideo-1');
  await expect(tasks.useCases.retryTask(ada, id, 'key')).rejects.toThrow(TaskNotRetryableError);
  expect(await countTasks(tasks.database)).toBe(1);
});

test('a task of which the request is not known is not retried', async () => {
  const answer = { status: 'FAIL', message: 'No.', files: [], resolution: null, requestId: null };
  await using tasks = await openTasks({ describe: async () => answer });
  const adopted = await tasks.useCases.trackTask(ada, { upstreamTaskId: '4-AigcImage-1', kind: null });
  expect(adopted.status).toBe('FAIL');
  await expect(tasks.useCases.retryTask(ada, adopted.id, null)).rejects.toThrow(TaskNotRetryableError);
});

test('a foreign, an unknown and a malformed id are answered alike', async () => {
  await using tasks = await openTasks();
  const failed = await failedTask(tasks);
  for (const [caller, id] of [
    [grace, failed.id],
    [ada, '0198c0de-0000-7000-8000-000000000000'],
    [ada, failed.id.toUpperCase()],
    [ada, "'"],
  ] as const) {
    await expect(tasks.useCases.retryTask(caller, id, null)).rejects.toThrow(TaskNotFoundError);
  }
});

test.each([null, 'key'])(
  'a retry that is there is answered also when its original has turned out to work, key %j',
  async (key) => {
    await using tasks = await openTasks();
    const { database, useCases } = tasks;
    const { id } = await useCases.createTask(ada, request, null);
    const attempt = await claimTask(database, id);
    await record(database, attempt, noAnswer);
    const retry = await useCases.retryTask(ada, id, key);
    await record(database, attempt, accepted('4-AigcVideo-1'));
    expect((await useCases.retryTask(ada, id, key)).id).toBe(retry.id);
    // The control: a retry that is not there is refused now.
    await expect(useCases.retryTask(ada, id, 'another')).rejects.toThrow(TaskNotRetryableError);
    expect(await countTasks(database)).toBe(2);
  },
);

test.each(taskFailureCodes)(
  'what failed as %s is retried exactly where canRetry and retryable say so',
  async (code) => {
    await using tasks = await openTasks();
    const { id } = await tasks.useCases.createTask(ada, request, null);
    // As an earlier release stored it, which said otherwise of some.
    const failure = { ...failures.canceled(), code, retryable: code === 'REJECTED' || code === 'GATEWAY_ERROR' };
    await moveTask(tasks.database, id, { guard: { states: ['held'] }, move: failWith(failure) });
    const [failed] = await tasks.useCases.findTasks(ada, [id]);
    if (!failed) throw new Error('The task is not there.');
    expect(canRetry(failed)).toBe(code !== 'REJECTED' && code !== 'GATEWAY_ERROR');
    expect(failed.failure?.retryable).toBe(canRetry(failed));
    const retrying = tasks.useCases.retryTask(ada, id, null);
    if (canRetry(failed)) expect(await retrying).toMatchObject({ retryOf: id });
    else await expect(retrying).rejects.toThrow(TaskNotRetryableError);
  },
);

test('a retry that is there is answered also when what was retried has turned out not to be worth it', async () => {
  await using tasks = await openTasks();
  const failed = await failedTask(tasks);
  const retry = await tasks.useCases.retryTask(ada, failed.id, null);
  await sql`update task set failure_code = 'GATEWAY_ERROR' where id = ${failed.id}`.execute(tasks.database);
  expect((await tasks.useCases.retryTask(ada, failed.id, null)).id).toBe(retry.id);
  await expect(tasks.useCases.retryTask(ada, failed.id, 'another')).rejects.toThrow(TaskNotRetryableError);
});
