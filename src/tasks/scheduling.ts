import type { Followed } from '../domain/task/following.ts';
import type { LearnedCurve } from '../domain/learning/completion-models.ts';
import type { HeldOrder } from '../domain/task/held-order.ts';
import type { Attempt, SubmissionOutcome } from '../domain/task/submission.ts';
import type { TaskKind } from '../domain/task/task.ts';
import type { DescribeAnswer, UpstreamCallError } from '../domain/upstream.ts';
import { tellRefusal } from '../store/data-error.ts';
import { findCorrectableTasks, findFollowedTask, findRunningTasks, type FollowedTask } from '../store/following.ts';
import { forgetOldChanges } from '../store/forget-changes.ts';
import { saveHeldOrders } from '../store/held-order.ts';
import { findLearnedCurves, saveLearnedCurves } from '../store/model-durations.ts';
import { findWatched, forgetExpiredWatch } from '../store/task-watch.ts';
import { findClaim, findHeldTasks, type FoundHeld, type HeldTask } from '../store/submitting.ts';
import { applyAnswer, applyMissing, type Applied } from './apply-answer.ts';
import { claimTask, type Claim } from './claim-task.ts';
import type { TaskDependencies } from './dependencies.ts';
import { endOrphans, findOrphans } from './end-orphans.ts';
import { keepInHand } from './outcomes-in-hand.ts';
import { recordOutcome, returnToQueue, type OutcomeDependencies } from './record-outcome.ts';
import { recordPolls } from './record-polls.ts';

export type { Applied, Claim, FollowedTask, FoundHeld, HeldTask };

/** What the scheduler does to tasks: everything that it decides ends in one of these. */
export type SchedulingUseCases = {
  /** Of a kind that waits to be sent, the oldest of each owner in turns. */
  findHeld(kind: TaskKind, limit: number): Promise<FoundHeld>;
  /**
   * Commits that a task is about to be sent. null when it is not to be sent (any more). Like `undoClaim`, it throws a
   * RefusedRecordError where the database refuses that for ever.
   */
  claim(id: string, epoch: bigint): Promise<Claim | null>;
  /** Undoes a claim that may or may not have been committed; nothing was sent for it. */
  undoClaim(id: string, epoch: bigint): Promise<void>;
  recordOutcome(attempt: Attempt, outcome: SubmissionOutcome, signal: AbortSignal): Promise<void>;
  /** Attempts that were given no outcome in time, and that this process has no outcome of in its hands. */
  findOrphans(): Promise<Attempt[]>;
  endOrphans(orphans: readonly Attempt[]): Promise<void>;
  /** The tasks that run upstream, a page by id. */
  findRunning(page: { afterId?: string; limit: number }): Promise<FollowedTask[]>;
  /** The tasks that have ended, and of which the upstream may still say something else. */
  findCorrectable(): Promise<FollowedTask[]>;
  /** null when there is nothing to ask after. */
  findFollowed(id: string): Promise<FollowedTask | null>;
  applyAnswer(followed: Followed, answer: DescribeAnswer, sentAt: Date): Promise<Applied>;
  applyMissing(followed: Followed, error: UpstreamCallError, sentAt: Date, isBelieved: boolean): Promise<Applied>;
  recordProgress(followed: readonly Followed[]): Promise<void>;
  findLearnedCurves(): Promise<LearnedCurve[]>;
  saveLearnedCurves(learned: readonly LearnedCurve[]): Promise<void>;
  /** Publishes in which order held tasks will be sent. */
  saveHeldOrders(orders: readonly HeldOrder[]): Promise<void>;
  /** The tasks that somebody waits for, at whatever replica. */
  findWatched(): Promise<string[]>;
  /** What nobody waits for any more. */
  forgetExpiredWatch(): Promise<void>;
  /** Changes that nobody may ask for any more, some thousands at most. */
  forgetOldChanges(): Promise<void>;
};

export function createSchedulingUseCases(
  dependencies: OutcomeDependencies & Pick<TaskDependencies, 'account' | 'resultLifeMs' | 'lendFile'>,
): SchedulingUseCases {
  const { database, account } = dependencies;
  const guarded = keepInHand({
    claim: (id, epoch) => tellRefusal(claimTask(dependencies, id, epoch)),
    async undoClaim(id, epoch) {
      const attempt = await findClaim(database, id, epoch);
      if (attempt !== null) await tellRefusal(returnToQueue(dependencies, attempt));
    },
    recordOutcome: (attempt, outcome, signal) => recordOutcome(dependencies, attempt, outcome, signal),
    findOrphans: () => findOrphans(dependencies),
  });
  return {
    ...guarded,
    findHeld: (kind, limit) => findHeldTasks(database, account, { kind, limit }),
    endOrphans: (orphans) => endOrphans(dependencies, orphans),
    findRunning: (page) => findRunningTasks(database, account, page),
    findCorrectable: () => findCorrectableTasks(database, account),
    findFollowed: (id) => findFollowedTask(database, account, id),
    applyAnswer: (followed, answer, sentAt) => applyAnswer(dependencies, followed, answer, sentAt),
    applyMissing: (followed, error, sentAt, isBelieved) =>
      applyMissing(dependencies, followed, error, sentAt, isBelieved),
    recordProgress: (followed) => recordPolls(dependencies, followed),
    findLearnedCurves: () => findLearnedCurves(database, account),
    saveLearnedCurves: (learned) => saveLearnedCurves(database, account, learned),
    saveHeldOrders: (orders) => saveHeldOrders(database, account, orders),
    findWatched: () => findWatched(database),
    forgetExpiredWatch: () => forgetExpiredWatch(database),
    async forgetOldChanges() {
      for (let batch = 0; batch < 10; batch += 1) if (!(await forgetOldChanges(database))) return;
    },
  };
}
