import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { TaskAlreadySubmittedError, TaskNotFoundError } from '../../src/domain/errors.ts';
import type { TaskRequest } from '../../src/domain/request/request.ts';
import type { SubmissionOutcome } from '../../src/domain/task/submission.ts';
import { UpstreamCallError } from '../../src/domain/upstream.ts';
import type { Database } from '../../src/store/database.ts';
import { findHeldTasks, releaseAttempt } from '../../src/store/submitting.ts';
import { recordOutcome } from '../../src/tasks/record-outcome.ts';
import { account } from '../store/open-store.ts';
import { accepted, claimTask, noAnswer, submitTask } from '../store/task-states.ts';
import { ada, grace, openTasks, type TestTasks } from './open-tasks.ts';

const request: TaskRequest = { kind: 'IMAGE', prompt: 'a lighthouse' };
const refused = new UpstreamCallError('refused', 'RequestLimitExceeded', 'Slow down.');
const heldBack: SubmissionOutcome = { kind: 'held-back', pausesAccount: false, error: refused };

async function openWithTask() {
  const tasks = await openTasks();
  const { id } = await tasks.useCases.createTask(ada, request, null);
  return { ...tasks, id };
}

/** Cancels a task that is being sent, and decides what became of it as soon as the cancel has been noted. */
async function cancelWhileSending(
  { database, dependencies, useCases, id }: TestTasks & { id: string },
  outcome: SubmissionOutcome,
) {
  const attempt = await claimTask(database, id);
  const canceling = useCases.cancelTask(ada, id).catch((error: unknown) => error);
  await expect.poll(() => isCancelRequested({ database, id })).toBe(true);
  await recordOutcome(dependencies, attempt, outcome, AbortSignal.abort());
  return await canceling;
}

async function isCancelRequested({ database, id }: Pick<TestTasks, 'database'> & { id: string }): Promise<boolean> {
  const row = await database
    .selectFrom('task')
    .select('cancel_requested')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return row.cancel_requested;
}

/** How many statements wait for a lock. */
async function countWaiting(database: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(database);
  return rows[0]?.count ?? 0;
}

test('a held task is withdrawn, and never sent', async () => {
  await using tasks = await openWithTask();
  const canceled = await tasks.useCases.cancelTask(ada, tasks.id);
  expect(canceled).toMatchObject({ status: 'FAIL', failure: { code: 'CANCELED', retryable: true }, revision: 2 });
  expect(await findHeldTasks(tasks.database, account, { kind: 'IMAGE', limit: 10 })).toMatchObject({ tasks: [] });
  await expect(claimTask(tasks.database, tasks.id)).rejects.toThrow('could not be claimed');
  expect(tasks.takenBack, 'so that it leaves the line at once').toEqual([tasks.id]);
  // Again, and the answer is the same.
  expect(await tasks.useCases.cancelTask(ada, tasks.id)).toEqual(canceled);
});

test('a task that comes back unsent while its cancel waits is withdrawn', async () => {
  await using tasks = await openWithTask();
  expect(await cancelWhileSending(tasks, heldBack)).toMatchObject({ status: 'FAIL', failure: { code: 'CANCELED' } });
});

test('a task that comes back unsent just before its cancel is noted is withdrawn', async () => {
  await using tasks = await openWithTask();
  const { database, id } = tasks;
  const attempt = await claimTask(database, id);
  const canceling = await database.transaction().execute(async (open) => {
    // The cancel finds the task being sent, and then waits for this transaction.
    await open.selectFrom('task').select('id').where('id', '=', id).forUpdate().execute();
    const answer = tasks.useCases.cancelTask(ada, id);
    await expect.poll(() => countWaiting(database)).toBe(1);
    await releaseAttempt(open, attempt);
    return { answer };
  });
  expect(await canceling.answer).toMatchObject({ status: 'FAIL', failure: { code: 'CANCELED' } });
});

test.each([
  ['accepted', accepted('4-AigcImage-1'), { upstreamTaskId: '4-AigcImage-1', status: 'WAIT' }],
  ['rejected', { kind: 'rejected', error: refused } as const, { failure: { code: 'REJECTED' } }],
  ['unconfirmed', noAnswer, { failure: { code: 'SUBMISSION_UNCONFIRMED' } }],
])('a cancel that waits is refused when the task is %s', async (_name, outcome, task) => {
  await using tasks = await openWithTask();
  const refusal = await cancelWhileSending(tasks, outcome);
  expect(refusal).toBeInstanceOf(TaskAlreadySubmittedError);
  expect(refusal).toMatchObject({ task });
});

test('a task that comes back unsent, and whose cancel nobody asked for, waits again', async () => {
  await using tasks = await openWithTask();
  const attempt = await claimTask(tasks.database, tasks.id);
  await recordOutcome(tasks.dependencies, attempt, heldBack, AbortSignal.abort());
  expect(await findHeldTasks(tasks.database, account, { kind: 'IMAGE', limit: 10 })).toMatchObject({
    tasks: [{ id: tasks.id }],
  });
});

test('a task that is known upstream, or has ended there, is not withdrawn', async () => {
  await using tasks = await openWithTask();
  await submitTask(tasks.database, tasks.id, '4-AigcImage-1');
  const refusal = await tasks.useCases.cancelTask(ada, tasks.id).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(TaskAlreadySubmittedError);
  expect(refusal).toMatchObject({ task: { id: tasks.id, revision: 2, status: 'WAIT' } });
});

test('of many cancels and one claim at once, either the claim or the cancel wins, never both', async () => {
  await using tasks = await openTasks();
  for (let round = 0; round < 15; round += 1) {
    const { id } = await tasks.useCases.createTask(ada, request, null);
    const claiming = claimTask(tasks.database, id).then(
      (attempt) => recordOutcome(tasks.dependencies, attempt, accepted(`4-AigcImage-${round}`), AbortSignal.abort()),
      () => null,
    );
    const canceling = [0, 1, 2].map(() => tasks.useCases.cancelTask(ada, id).catch((error: unknown) => error));
    const answers = await Promise.all(canceling);
    await claiming;
    const [task] = await tasks.useCases.findTasks(ada, [id]);
    const isSent = task?.upstreamTaskId !== null;
    for (const answer of answers) expect(answer instanceof TaskAlreadySubmittedError).toBe(isSent);
    expect(task?.revision).toBe(2);
  }
});

test('a foreign, an unknown and a malformed id are answered alike', async () => {
  await using tasks = await openWithTask();
  for (const [caller, id] of [
    [grace, tasks.id],
    [ada, '0198c0de-0000-7000-8000-000000000000'],
    [ada, tasks.id.toUpperCase()],
    [ada, ''],
    [ada, 'a\0b'],
  ] as const) {
    await expect(tasks.useCases.cancelTask(caller, id)).rejects.toThrow(new TaskNotFoundError());
  }
  expect((await tasks.useCases.findTasks(ada, [tasks.id]))[0]?.state).toBe('held');
});
