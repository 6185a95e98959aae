import type { Clock } from '../kit/clock.ts';
import type { CompletionModels } from '../domain/learning/completion-models.ts';
import { afterPoll, isOverdue, isWorthPolling } from '../domain/task/following.ts';
import type { MetricsSink } from '../domain/metrics.ts';
import { taskKinds, type TaskKind } from '../domain/task/task.ts';
import type { Logger } from '../kit/logger.ts';
import { createWakeUp } from '../kit/wake-up.ts';
import type { FollowedTask } from '../store/following.ts';
import { createFailingTasks } from './failing-tasks.ts';
import type { IndexPolicy } from './index-policy.ts';
import { pollable } from './pollable-task.ts';
import { createUnknownTasks } from './unknown-tasks.ts';

export type FollowedTasksOptions = {
  models: CompletionModels;
  createPolicy(): IndexPolicy;
  metrics: MetricsSink;
  clock: Clock;
  logger: Logger;
};

export type FollowedTasks = ReturnType<typeof createFollowedTasks>;

const idleMs = 1_000;
/** The longest pause of a task whose polls fail: as long as the policy leaves any task unpolled; hourly past the deadline. */
const maxPauseMs = { inTime: 120_000, overdue: 3_600_000 };
/** A task of which PostgreSQL takes no record at all is left alone for so long: an operator may mend that. */
const refusedMs = 3_600_000;

/**
 * The tasks that are polled, each in its place among those of its kind.
 *
 * | a task | becomes | when |
 * | --- | --- | --- |
 * | absent | queued | it is followed: it runs, or evidence may correct its end |
 * | queued | being polled | the policy chooses it |
 * | being polled | queued | its answer is recorded and there is more to learn, or its poll failed |
 * | any | absent | nothing more can be learned, or its record is lost or refused |
 */
export function createFollowedTasks({ models, createPolicy, metrics, clock, logger }: FollowedTasksOptions) {
  const followed = new Map<string, FollowedTask>();
  const policies: Record<TaskKind, IndexPolicy> = {
    IMAGE: createPolicy(),
    VIDEO: createPolicy(),
    AUDIO: createPolicy(),
  };
  const failing = { IMAGE: createFailingTasks(), VIDEO: createFailingTasks(), AUDIO: createFailingTasks() };
  const unknown = { IMAGE: createUnknownTasks(), VIDEO: createUnknownTasks(), AUDIO: createUnknownTasks() };
  /** Kinds of which the log says that no running task is known. */
  const loggedUnknown = new Set<TaskKind>();
  const refusedUntil = new Map<string, number>();
  /** Those whose poll is not yet answered. */
  const unanswered = new Set<string>();
  const news = createWakeUp(clock);

  /** What an earlier scheduler counted of "no such task" says nothing of now. */
  function follow(task: FollowedTask): void {
    const { id, state } = task.task;
    if ((refusedUntil.get(id) ?? 0) > clock.now()) return;
    refusedUntil.delete(id);
    const before = followed.get(id);
    const isReopened = before?.task.state === 'ended' && state !== 'ended';
    if (before === undefined || isReopened) keep({ ...task, missingCount: 0, missingSince: null });
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

  function drop({ task }: FollowedTask): void {
    followed.delete(task.id);
    unknown[task.kind].forget(task.id);
  }

  /** Tasks that stood aside for no reason of their own have their places back. */
  function answered({ task }: FollowedTask): void {
    for (const id of failing[task.kind].answered(task.id)) {
      const freed = followed.get(id);
      if (freed !== undefined) queue(freed);
    }
  }

  /** If the upstream had not known some of its kind, it was wrong: their counts of "no such task" begin anew. */
  function known({ task }: FollowedTask, sentAt: Date): void {
    const wasGivenUp = task.failure?.code === 'NOT_FOUND';
    for (const id of unknown[task.kind].known({ ...task, wasGivenUp }, sentAt.getTime())) {
      const other = followed.get(id);
      if (other === undefined) continue;
      const anew = { ...other, missingCount: 0, missingSince: null };
      followed.set(id, anew);
      if (!unanswered.has(id)) queue(anew);
    }
    logUnknown(task.kind);
  }

  function logUnknown(kind: TaskKind): void {
    const { trouble } = unknown[kind];
    if ((trouble !== null) === loggedUnknown.has(kind)) return;
    if (trouble !== null) {
      loggedUnknown.add(kind);
      logger.error({ kind, trouble }, 'The vendor knows none of the running tasks of a kind; none is ended for it.');
    } else {
      loggedUnknown.delete(kind);
      logger.warn({ kind }, 'The vendor knows running tasks of the kind again.');
    }
  }

  return {
    follow,
    keep,
    queue,
    drop,
    news,

    /** As it is by now; null if it is no longer followed. */
    find: (id: string): FollowedTask | null => followed.get(id) ?? null,

    /** Which task of a kind to poll now, taken out of its place; or for how long to wait. */
    next(kind: TaskKind): { id: string } | { waitMs: number } {
      const from = clock.monotonic();
      const choice = policies[kind].next(clock.now());
      if (choice === null) return { waitMs: idleMs };
      metrics.decided(kind, (clock.monotonic() - from) / 1_000);
      if ('at' in choice) return { waitMs: choice.at - clock.now() };
      failing[kind].polled(choice.id);
      return choice;
    },

    pollBegan: (id: string): void => void unanswered.add(id),
    pollEnded: (id: string): void => void unanswered.delete(id),

    /** The upstream has answered a poll of the task. */
    hasAnswered(task: FollowedTask, sentAt: Date): void {
      answered(task);
      known(task, sentAt);
    },

    /** The upstream does not know the task. `trouble`: why that says nothing about the task. */
    isUnknown(task: FollowedTask, sentAt: Date): { isBelieved: boolean; trouble: string | null } {
      const { id, kind, state } = task.task;
      answered(task);
      const isBelieved = state === 'submitted' && unknown[kind].unknown(id, sentAt.getTime());
      logUnknown(kind);
      return { isBelieved, trouble: unknown[kind].trouble };
    },

    /** An error of a call ends no task: it is polled again, later and later as long as its polls fail. */
    hasFailed(task: FollowedTask, sentAt: Date): void {
      if (task.task.state === 'ended') return keep({ ...task, ...afterPoll(task, sentAt) });
      const now = clock.now();
      const maxMs = isOverdue(task, new Date(now)) ? maxPauseMs.overdue : maxPauseMs.inTime;
      failing[task.task.kind].failed(task.task.id, now, maxMs);
      queue(task);
    },

    /** PostgreSQL takes no record of it. */
    leaveAlone(refused: FollowedTask): void {
      const { task, upstreamTaskId } = refused;
      refusedUntil.set(task.id, clock.now() + refusedMs);
      drop(refused);
      logger.error(
        { taskId: task.id, upstreamTaskId },
        'PostgreSQL takes no record of a task, not even of its end; it is left alone for an hour.',
      );
    },

    /** Tasks with subscribers are polled more often from now on. */
    watch(ids: ReadonlySet<string>): void {
      for (const kind of taskKinds) policies[kind].watch(ids);
      news.wake();
    },

    /** Seconds since the upstream last answered for a task that it has not ended: the longest of each kind. */
    longestUnanswered(): { kind: TaskKind; seconds: number }[] {
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
  };
}
