import type { TaskRequest } from '../domain/request/request.ts';
import type { Followed } from '../domain/task/following.ts';
import { RefusedRecordError } from '../domain/task/refused-record.ts';
import type { Attempt, SubmissionOutcome } from '../domain/task/submission.ts';
import { UpstreamCallError, type DescribeAnswer } from '../domain/upstream.ts';
import { tellRefusal } from '../store/data-error.ts';
import { claimHeldTask, findClaim } from '../store/submitting.ts';
import { applyAnswer, applyMissing, recordPolls } from './apply-answer.ts';
import type { TaskDependencies } from './dependencies.ts';
import { endOrphans, findOrphans } from './end-orphans.ts';
import { lendFiles } from './file-references.ts';
import { recordOutcome, returnToQueue, type OutcomeDependencies } from './record-outcome.ts';

export type SchedulingDependencies = OutcomeDependencies &
  Pick<TaskDependencies, 'account' | 'resultLifeMs' | 'lendFile'>;

export type SchedulingUseCases = ReturnType<typeof createSchedulingUseCases>;

/** A claimed task: to be sent, or to be rejected because a file that it refers to is gone. */
export type Claim = Attempt & ({ request: TaskRequest } | { refusal: UpstreamCallError });

/** How the scheduler moves tasks. What it reads, and what it keeps for itself, is in the store. */
export function createSchedulingUseCases(dependencies: SchedulingDependencies) {
  const { database } = dependencies;
  /**
   * The tasks of which this process has yet to record what came of their Create, or to undo a claim that is in doubt: after
   * a long outage of the database they look like orphans, and are none. A new term doesn't wait for them.
   */
  const unrecorded = new Set<string>();

  /** What fails is in doubt, and its task stays unrecorded; what the database refuses is over. */
  async function untilRecorded<T>(id: string, recording: () => Promise<T>): Promise<T> {
    unrecorded.add(id);
    try {
      const recorded = await recording();
      unrecorded.delete(id);
      return recorded;
    } catch (error) {
      if (error instanceof RefusedRecordError) unrecorded.delete(id);
      throw error;
    }
  }

  return {
    /**
     * Commits that a task is about to be sent, and makes its request ready. null when it is not to be sent (any more). Like
     * `undoClaim`, it throws a RefusedRecordError where the database refuses that for ever.
     */
    claim: (id: string, epoch: bigint): Promise<Claim | null> =>
      untilRecorded(id, () => tellRefusal(claimTask(dependencies, id, epoch))),

    /** Undoes a claim that may or may not have been committed; nothing was sent for it. */
    undoClaim: (id: string, epoch: bigint): Promise<void> =>
      untilRecorded(id, async () => {
        const attempt = await findClaim(database, id, epoch);
        if (attempt !== null) await tellRefusal(returnToQueue(dependencies, attempt));
      }),

    recordOutcome: (attempt: Attempt, outcome: SubmissionOutcome, signal: AbortSignal): Promise<void> =>
      untilRecorded(attempt.taskId, () => recordOutcome(dependencies, attempt, outcome, signal)),

    /** Attempts of which no outcome was recorded in time, and none is about to be by this process. */
    findOrphans: async (): Promise<Attempt[]> =>
      (await findOrphans(dependencies)).filter(({ taskId }) => !unrecorded.has(taskId)),
    endOrphans: (orphans: readonly Attempt[]) => endOrphans(dependencies, orphans),

    applyAnswer: (followed: Followed, answer: DescribeAnswer, sentAt: Date) =>
      applyAnswer(dependencies, followed, answer, sentAt),
    applyMissing: (followed: Followed, error: UpstreamCallError, sentAt: Date, isBelieved: boolean) =>
      applyMissing(dependencies, followed, error, sentAt, isBelieved),
    recordPolls: (followed: readonly Followed[]) => recordPolls(dependencies, followed),
  };
}

async function claimTask(dependencies: SchedulingDependencies, id: string, epoch: bigint): Promise<Claim | null> {
  const claimed = await claimHeldTask(dependencies.database, id, epoch);
  if (claimed === null) return null;
  const { owner, request, ...attempt } = claimed;
  const ready = await lendFiles(dependencies, owner, request);
  if (ready !== null) return { ...attempt, request: ready };
  const message = 'A result that the request refers to is gone.';
  return { ...attempt, refusal: new UpstreamCallError('not-connected', 'FILE_GONE', message) };
}
