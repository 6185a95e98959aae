import type { Clock } from '../kit/clock.ts';
import { afterLateFailure, isOverdue, isUnknownTask, isWorthPolling } from '../domain/task/following.ts';
import type { Sighting } from '../domain/learning/completion-model.ts';
import type { CompletionModels } from '../domain/learning/completion-models.ts';
import type { MetricsSink } from '../domain/metrics.ts';
import { isAccountTrouble, isRateRefusal } from '../domain/task/submission.ts';
import { taskKinds, type TaskKind } from '../domain/task/task.ts';
import { UpstreamCallError, type DescribeAnswer, type Upstream } from '../domain/upstream.ts';
import type { Logger } from '../kit/logger.ts';
import type { Database } from '../store/database.ts';
import { findFollowedTask, type FollowedTask } from '../store/following.ts';
import type { Applied } from '../tasks/apply-answer.ts';
import type { SchedulingUseCases } from '../tasks/scheduling.ts';
import { createTimeLimit } from '../kit/time-limit.ts';
import type { Budgets } from './budgets.ts';
import { createFailingTasks } from './failing-tasks.ts';
import type { IndexPolicy } from './index-policy.ts';
import { pollable, sightingsOf } from './pollable-task.ts';
import type { Pass, TroubleGate } from './trouble-gate.ts';
import { createUnknownTasks } from './unknown-tasks.ts';
import { createWakeUp } from '../kit/wake-up.ts';

export type AskingOptions = {
  upstream: Upstream;
  database: Database;
  tasks: SchedulingUseCases;
  budgets: Budgets;
  /** What stops one kind may leave the others alone. */
  gates: Record<TaskKind, TroubleGate>;
  models: CompletionModels;
  createPolicy(): IndexPolicy;
  metrics: MetricsSink;
  clock: Clock;
  logger: Logger;
  /** Until when what is under way may still be recorded. */
  graceSignal: AbortSignal;
};

const idleMs = 1_000;
/** What only fails is asked after so seldom at last: like whoever the policy has no patience for; hourly past its deadline. */
const longestPauseMs = { inTime: 120_000, overdue: 3_600_000 };
const recordPauseMs = { first: 100, longest: 5_000 };
/** After the term's end. Whoever schedules then polls the task again, so what isn't recorded by then is not lost. */
const lateRecordsMs = 20_000;
/** A task of which PostgreSQL takes no record at all is left alone for so long: an operator may mend that. */
const refusedMs = 3_600_000;

/** Asks after running tasks at the pace of the Describe budgets, in the order that the policy says. */
export function createAsking(options: AskingOptions) {
  const { upstream, tasks, budgets, gates, models, metrics, clock, logger, graceSignal } = options;
  const followed = new Map<string, FollowedTask>();
  const policies: Record<TaskKind, IndexPolicy> = {
    IMAGE: options.createPolicy(),
    VIDEO: options.createPolicy(),
    AUDIO: options.createPolicy(),
  };
  const failing = { IMAGE: createFailingTasks(), VIDEO: createFailingTasks(), AUDIO: createFailingTasks() };
  const unknown = { IMAGE: createUnknownTasks(), VIDEO: createUnknownTasks(), AUDIO: createUnknownTasks() };
  /** Kinds of which the log says that no running task is known. */
  const toldUnknown = new Set<TaskKind>();
  /** Until when tasks are left alone of which no record is taken. */
  const refusedUntil = new Map<string, number>();
  const news = createWakeUp(clock);
  const underWay = new Set<Promise<void>>();
  /** Those whose answer is not there yet. */
  const polledNow = new Set<string>();
  const givingUp = new AbortController();

  /** What an earlier scheduler counted of "no such task" says nothing of now. */
  function follow(task: FollowedTask): void {
    const { id, state } = task.task;
    if ((refusedUntil.get(id) ?? 0) > clock.now()) return;
    refusedUntil.delete(id);
    const known = followed.get(id);
    const isReopened = known?.task.state === 'ended' && state !== 'ended';
    if (known === undefined || isReopened) keep({ ...task, missingCount: 0, missingSince: null });
  }

  /** As long as there is something to learn. */
  function keep(task: FollowedTask): void {
    const { id, kind, state } = task.task;
    if (state === 'ended') unknown[kind].forget(id);
    if (!isWorthPolling(task)) return void followed.delete(id);
    followed.set(id, task);
    queue(task);
  }

  function queue(followedTask: FollowedTask): void {
    const { task } = followedTask;
    const standing = failing[task.kind].standing(task.id);
    policies[task.kind].add(...pollable(followedTask, models.ofTask(task), new Date(clock.now()), standing));
    news.wake();
  }

  /** Who stood aside for no reason of their own have their places back. */
  function tellAnswered({ task }: FollowedTask): void {
    for (const id of failing[task.kind].answered(task.id)) {
      const freed = followed.get(id);
      if (freed !== undefined) queue(freed);
    }
  }

  /** The upstream had not known some of its kind, and was wrong: what was counted of the others counts no more. */
  function tellKnown({ task }: FollowedTask, sentAt: Date): void {
    const wasGivenUp = task.failure?.code === 'NOT_FOUND';
    for (const id of unknown[task.kind].known({ ...task, wasGivenUp }, sentAt.getTime())) {
      const other = followed.get(id);
      if (other === undefined) continue;
      const anew = { ...other, missingCount: 0, missingSince: null };
      followed.set(id, anew);
      if (!polledNow.has(id)) queue(anew);
    }
    logUnknown(task.kind);
  }

  function logUnknown(kind: TaskKind): void {
    const { trouble } = unknown[kind];
    if ((trouble !== null) === toldUnknown.has(kind)) return;
    if (trouble !== null) {
      toldUnknown.add(kind);
      logger.error({ kind, trouble }, 'The vendor knows none of the running tasks of a kind; none is ended for it.');
    } else {
      toldUnknown.delete(kind);
      logger.warn({ kind }, 'The vendor knows running tasks of the kind again.');
    }
  }

  /** An error of a call ends no task: it is asked after again, later and later as long as its questions fail. */
  function keepFailed(before: FollowedTask, sentAt: Date): void {
    if (before.task.state === 'ended') return keep({ ...before, ...afterLateFailure(before, sentAt) });
    const now = clock.now();
    const longestMs = isOverdue(before, new Date(now)) ? longestPauseMs.overdue : longestPauseMs.inTime;
    failing[before.task.kind].failed(before.task.id, now, longestMs);
    queue(before);
  }

  function decide(kind: TaskKind): ReturnType<IndexPolicy['next']> {
    const from = clock.monotonic();
    const choice = policies[kind].next(clock.now());
    if (choice !== null) metrics.decided(kind, (clock.monotonic() - from) / 1_000);
    return choice;
  }

  async function askAll(kind: TaskKind, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const choice = decide(kind);
      if (choice === null || 'at' in choice) {
        await news.sleep(choice === null ? idleMs : choice.at - clock.now(), signal);
        continue;
      }
      failing[kind].asked(choice.id);
      const pass = await gates[kind].pass(signal);
      await budgets.describe[kind].take(signal);
      begin(choice.id, pass);
    }
  }

  function begin(id: string, pass: Pass): void {
    const asking = ask(id, pass)
      .catch((error: unknown) => logger.error({ taskId: id, error: String(error) }, 'A poll broke off.'))
      .finally(() => underWay.delete(asking));
    underWay.add(asking);
  }

  async function ask(id: string, pass: Pass): Promise<void> {
    const asked = followed.get(id);
    if (asked === undefined) return pass.undecided();
    const sentAt = new Date(clock.now());
    polledNow.add(id);
    try {
      const answer = await upstream.describe(asked.task.kind, asked.upstreamTaskId).finally(() => polledNow.delete(id));
      pass.worked();
      tellAnswered(asked);
      tellKnown(asked, sentAt);
      // Read again: its polls may have been recorded meanwhile.
      await hear(followed.get(id) ?? asked, answer, sentAt);
    } catch (error) {
      await hearError(followed.get(id) ?? asked, error, sentAt, pass);
    }
  }

  async function hear(before: FollowedTask, answer: DescribeAnswer, sentAt: Date): Promise<void> {
    const sighting = sightingOf(answer.status);
    // Of an end without files, the first word counts.
    const isRepeated = before.emptyDoneSince !== null;
    const ended = sighting === 'ended' && !isRepeated;
    // What was given up is not followed closely enough to teach anything.
    const sightings =
      before.task.state === 'submitted' && !isRepeated
        ? models.ofTask(before.task).observe(sightingsOf(before, sentAt), sighting, sentAt)
        : before;
    const { lastWaitAt, runStartedAt } = sightings;
    const since = before.lastUnfinishedAt ?? before.task.submittedAt;
    if (ended && since !== null) metrics.endDetected(before.task.kind, (sentAt.getTime() - since.getTime()) / 1_000);
    // What is recorded and what is kept carry the sightings of this answer, not those before it.
    const sighted = { ...before, lastWaitAt, runStartedAt };
    await settle(sighted, () => tasks.applyAnswer(sighted, answer, sentAt));
  }

  async function hearError(before: FollowedTask, error: unknown, sentAt: Date, pass: Pass): Promise<void> {
    if (!(error instanceof UpstreamCallError)) {
      pass.undecided();
      keepFailed(before, sentAt);
      throw error;
    }
    if (isUnknownTask(error)) return await hearUnknown(before, error, sentAt, pass);
    if (isAccountTrouble(error) || error.phase === 'not-connected') pass.failed(`${error.code}: ${error.message}`);
    else pass.undecided();
    logger.warn({ taskId: before.task.id, code: error.code, requestId: error.requestId }, 'A Describe did not work.');
    if (!isRateRefusal(error)) return keepFailed(before, sentAt);
    // One that was refused for the rate alone keeps its place.
    budgets.describe[before.task.kind].refused();
    queue(before);
  }

  async function hearUnknown(before: FollowedTask, error: UpstreamCallError, sentAt: Date, pass: Pass): Promise<void> {
    const { id, kind, state } = before.task;
    tellAnswered(before);
    const isBelieved = state === 'submitted' && unknown[kind].unknown(id, sentAt.getTime());
    const { trouble } = unknown[kind];
    logUnknown(kind);
    if (trouble === null) pass.worked();
    else if (state === 'ended') pass.undecided();
    else pass.failed(trouble);
    await settle(before, () => tasks.applyMissing(before, error, sentAt, isBelieved));
  }

  /** Records an answer, however long the database is away, and decides whether the task is asked after again. */
  async function settle(before: FollowedTask, apply: () => Promise<Applied>): Promise<void> {
    const { id } = before.task;
    const applied = await untilRecorded(apply, id);
    if (applied === null) return;
    if (applied.refused) return leaveAlone(before);
    if (!applied.lost) return keep({ ...before, ...applied.followed });
    drop(before);
    const now = await findFollowedTask(options.database, upstream.account, id);
    if (now !== null) follow(now);
  }

  function drop({ task }: FollowedTask): void {
    followed.delete(task.id);
    unknown[task.kind].forget(task.id);
  }

  function leaveAlone(refused: FollowedTask): void {
    const { task, upstreamTaskId } = refused;
    refusedUntil.set(task.id, clock.now() + refusedMs);
    drop(refused);
    logger.error(
      { taskId: task.id, upstreamTaskId },
      'PostgreSQL takes no record of a task, not even of its end; it is left alone for an hour.',
    );
  }

  async function untilRecorded(apply: () => Promise<Applied>, id: string): Promise<Applied | null> {
    const { signal } = givingUp;
    for (let pause = recordPauseMs.first; !signal.aborted; pause = Math.min(2 * pause, recordPauseMs.longest)) {
      try {
        return await apply();
      } catch (error) {
        logger.error({ taskId: id, error: String(error) }, 'An answer is not yet recorded.');
        await clock.sleep(pause, signal).catch(() => {});
      }
    }
    return null;
  }

  return {
    follow,

    /** Whether it is polled as a running one: one that was given up may run again. */
    follows: (id: string): boolean => followed.has(id) && followed.get(id)?.task.state !== 'ended',

    /** Who is watched from now on, and asked after more often. */
    watch(ids: ReadonlySet<string>): void {
      for (const kind of taskKinds) policies[kind].watch(ids);
      news.wake();
    },

    /** Seconds since the upstream last answered for a task that it has not ended: the longest of each kind. */
    longestUnheard(): { kind: TaskKind; seconds: number }[] {
      const since = new Map<TaskKind, number>();
      for (const { task, lastPolledAt } of followed.values()) {
        const heardAt = (lastPolledAt ?? task.submittedAt)?.getTime();
        if (task.state === 'ended' || heardAt === undefined) continue;
        since.set(task.kind, Math.min(heardAt, since.get(task.kind) ?? heardAt));
      }
      return [...since].map(([kind, at]) => ({ kind, seconds: Math.max(0, clock.now() - at) / 1_000 }));
    },

    /** Running tasks that the upstream says it doesn't know. */
    unknownTasks: (): { kind: TaskKind; count: number }[] =>
      taskKinds.map((kind) => ({ kind, count: unknown[kind].size })),

    /** Hands over the polls that are not yet recorded, and counts them as recorded. */
    takeProgress(): FollowedTask[] {
      const polled = [...followed.values()].filter((task) => task.unrecordedPolls > 0);
      for (const task of polled) followed.set(task.task.id, { ...task, unrecordedPolls: 0 });
      return polled;
    },

    /** Runs until the signal aborts and every answer under way is recorded, or given up. */
    async run(signal: AbortSignal): Promise<void> {
      await Promise.allSettled(taskKinds.map((kind) => askAll(kind, signal)));
      using limit = createTimeLimit(clock, lateRecordsMs, graceSignal);
      void limit.passed.then(() => givingUp.abort());
      await Promise.all(underWay);
    },
  };
}

function sightingOf(status: string): Sighting {
  if (status === 'DONE' || status === 'FAIL') return 'ended';
  return status === 'WAIT' || status === 'RUN' ? status : 'unfinished';
}
