import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { moveOfAnswer, type Followed } from '../../src/domain/task/following.ts';
import type { Attempt, SubmissionOutcome } from '../../src/domain/task/submission.ts';
import type { Task, TaskEvent } from '../../src/domain/task/task.ts';
import { UpstreamCallError, type DescribeAnswer } from '../../src/domain/upstream.ts';
import type { Database } from '../../src/store/database.ts';
import { findHistories } from '../../src/store/find-histories.ts';
import { findFollowedTask } from '../../src/store/following.ts';
import { claimHeldTask, requestCancel } from '../../src/store/submitting.ts';
import { applyAnswer, applyMissing } from '../../src/tasks/apply-answer.ts';
import { endOrphans, findOrphans } from '../../src/tasks/end-orphans.ts';
import { makeMove } from '../../src/tasks/make-move.ts';
import { recordOutcome } from '../../src/tasks/record-outcome.ts';
import { failures } from '../../src/domain/task/failures.ts';
import { failWith } from '../../src/domain/task/moves.ts';
import { account, getTask, holdTask, owner } from '../store/open-store.ts';
import { accepted, noAnswer, takeLease } from '../store/task-states.ts';
import { createRandom, type Random } from './random.ts';
import { openTasks, type TestTasks } from './open-tasks.ts';

const hourMs = 3_600_000;
const refused = new UpstreamCallError('refused', 'InvalidParameter', 'No.');
const unknownTask = new UpstreamCallError('refused', 'ResourceNotFound', 'No such task.');
const statuses = ['WAIT', 'RUN', 'QUEUEING', 'DONE', 'FAIL'];

/** What happened to one task, beside what the database says of it. */
type Life = {
  id: string;
  /** What the upstream made of each attempt: decided when it was sent, told once or more often, and perhaps late. */
  sent: { attempt: Attempt; outcome: SubmissionOutcome }[];
  /** What a scheduler read of it at some time, perhaps long ago. */
  read: Followed[];
};

type Happening = (tasks: TestTasks, life: Life, random: Random) => Promise<unknown>;

/** Everything that can happen to a task, each as its use case does it. */
const happenings: Happening[] = [
  async ({ database }, life, random) => {
    const claim = await claimHeldTask(database, life.id, await takeLease(database));
    if (claim === null) return;
    const attempt = { taskId: life.id, attempt: claim.attempt };
    // Only what surely did not arrive may be sent again.
    expect(life.sent.map(({ outcome }) => outcome.kind).filter((kind) => kind !== 'held-back')).toEqual([]);
    life.sent.push({ attempt, outcome: outcomeOf(life.id, random) });
  },
  async ({ dependencies }, { sent }, random) => {
    const told = random.pick(sent);
    if (told) await recordOutcome(dependencies, told.attempt, told.outcome, AbortSignal.abort());
  },
  async ({ database, dependencies }, { id }, random) => {
    if (random.below(3) > 0) return;
    await sql`update task set submitting_since = submitting_since - interval '21 seconds' where id = ${id}`.execute(
      database,
    );
    await endOrphans(dependencies, await findOrphans(dependencies));
  },
  async ({ database }, { id }, random) => {
    if (random.below(4) === 0) await requestCancel(database, owner, id);
  },
  async ({ dependencies }, { id }, random) => {
    if (random.below(6) > 0) return;
    await makeMove(dependencies, id, { guard: { states: ['held'] }, move: failWith(failures.canceled()) });
  },
  async ({ database }, life) => {
    const followed = await findFollowedTask(database, account, life.id);
    if (followed) life.read.push(followed);
  },
  async ({ database, dependencies }, { id, read }, random) => {
    const before = random.pick(read);
    const hoursLater = random.below(8) === 0 ? 7 : 0;
    const sentAt = new Date(Date.now() + hoursLater * hourMs);
    // For the database as well.
    if (hoursLater > 0)
      await sql`update task set submitted_at = submitted_at - interval '7 hours' where id = ${id} and state = 'submitted'`.execute(
        database,
      );
    if (before) await applyAnswer(dependencies, before, answerOf(random.pick(statuses) ?? ''), sentAt);
  },
  async ({ dependencies }, { read }, random) => {
    const before = random.pick(read);
    if (!before) return;
    const seen = { ...before, missingCount: random.below(4), missingSince: new Date(Date.now() - 180_000) };
    await applyMissing(dependencies, seen, unknownTask, new Date(), random.below(2) === 0);
  },
];

function outcomeOf(id: string, random: Random): SubmissionOutcome {
  const kinds: SubmissionOutcome[] = [
    accepted(`4-AigcImage-${id}`),
    accepted(`4-AigcImage-${id}`),
    { kind: 'held-back', pausesAccount: false, error: refused },
    { kind: 'rejected', error: refused },
    noAnswer,
  ];
  return random.pick(kinds) ?? noAnswer;
}

function answerOf(status: string): DescribeAnswer {
  const file = { type: 'IMAGE', url: 'https://results.example.com/1.png', duration: null } as const;
  return { status, message: status, files: status === 'DONE' ? [file] : [], resolution: null, requestId: null };
}

type Seen = { task: Task; history: TaskEvent[] };

async function look(database: Database, id: string): Promise<Seen> {
  return await database
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (snapshot) => ({
      task: await getTask(snapshot, id),
      history: await findHistories(snapshot, owner, [id]),
    }));
}

const correctable = ['SUBMISSION_UNCONFIRMED', 'TIMED_OUT', 'NOT_FOUND', 'GATEWAY_ERROR'];

/** What must hold of a task at any time, and between two looks at it. */
function check(before: Seen, { task, history }: Seen): void {
  // The history is complete and without gaps, and only ever grows.
  expect(history.map(({ revision }) => revision)).toEqual(
    Array.from({ length: task.revision }, (_, index) => index + 1),
  );
  expect(history.slice(0, before.history.length)).toEqual(before.history);
  expect(history.at(-1)).toMatchObject({ status: task.status, at: task.updatedAt });
  const times = history.map(({ at }) => at.getTime());
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect(task.revision).toBeGreaterThanOrEqual(before.task.revision);

  // Status, state, failure and times say the same.
  expect(task.state === 'ended').toBe(task.status === 'DONE' || task.status === 'FAIL');
  expect(task.failure !== null).toBe(task.status === 'FAIL');
  expect(task.endedAt !== null).toBe(task.state === 'ended');
  expect(task.files.length > 0).toBe(task.status === 'DONE');
  if (task.status === 'RUN') expect(task.startedAt).not.toBeNull();
  if (task.state === 'submitted') expect(task.upstreamTaskId).not.toBeNull();
  if (task.state === 'held' || task.state === 'submitting') expect(task).toMatchObject({ revision: 1, status: 'WAIT' });

  // A TaskId is never forgotten; the end is final, but for what evidence corrects.
  if (before.task.upstreamTaskId !== null) expect(task.upstreamTaskId).toBe(before.task.upstreamTaskId);
  const isFinal = before.task.state === 'ended' && !correctable.includes(before.task.failure?.code ?? '');
  if (isFinal)
    expect({ ...task, pollCount: 0, lastPolledAt: null }).toEqual({ ...before.task, pollCount: 0, lastPolledAt: null });
}

test.each([1, 2, 3, 4])('whatever happens to tasks, and in whatever order, they stay in order (%i)', async (seed) => {
  const random = createRandom(seed);
  await using tasks = await openTasks();
  const { database } = tasks;
  const reached = new Set<string>();
  for (let number = 0; number < 10; number += 1) {
    const life: Life = { id: await holdTask(database), sent: [], read: [] };
    let before = await look(database, life.id);
    for (let step = 0; step < 20; step += 1) {
      const together = Array.from({ length: 1 + random.below(3) }, () => random.pick(happenings));
      await Promise.all(together.map(async (happening) => await happening?.(tasks, life, random)));
      const now = await look(database, life.id);
      check(before, now);
      before = now;
    }
    // What the upstream has accepted is known here in the end, however the telling went.
    for (const { attempt, outcome } of life.sent) {
      await recordOutcome(tasks.dependencies, attempt, outcome, AbortSignal.abort());
      if (outcome.kind === 'accepted') expect((await getTask(database, life.id)).upstreamTaskId).not.toBeNull();
    }
    reached.add(before.task.failure?.code ?? before.task.status);
  }
  expect(reached.size).toBeGreaterThan(2);
});

test('the control: a change that no guard holds back is found out', async () => {
  await using tasks = await openTasks();
  const { database, dependencies } = tasks;
  const id = await holdTask(database);
  const claim = await claimHeldTask(database, id, await takeLease(database));
  const attempt = { taskId: id, attempt: claim?.attempt ?? 0 };
  await recordOutcome(dependencies, attempt, accepted('4-AigcImage-1'), AbortSignal.abort());
  const followed = await findFollowedTask(database, account, id);
  if (followed === null) throw new Error('The task is not followed.');
  await applyAnswer(dependencies, followed, answerOf('DONE'), new Date());
  const done = await look(database, id);
  check(done, done);
  const stale = moveOfAnswer(followed, answerOf('RUN'), new Date(), hourMs);
  if (stale === null) throw new Error('A task that waits is moved by RUN.');
  await makeMove(dependencies, id, { ...stale, guard: { states: ['ended'], failureCodes: [] } });
  check(done, await look(database, id));
  await sql`update task set state = 'submitted', status = 'RUN' where id = ${id}`.execute(database);
  const unguarded = await look(database, id);
  expect(() => check(done, unguarded)).toThrow();
});
