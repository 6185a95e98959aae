import type { Clock } from '../kit/clock.ts';
import type { Lease } from '../domain/lease.ts';
import type { TaskRequest } from '../domain/request/request.ts';
import { RefusedRecordError } from '../domain/task/refused-record.ts';
import type { Attempt, SubmissionOutcome } from '../domain/task/submission.ts';
import { UpstreamCallError } from '../domain/upstream.ts';
import type { Logger } from '../kit/logger.ts';
import type { HeldTask } from '../store/submitting.ts';
import type { SchedulingUseCases } from '../tasks/scheduling.ts';

export type HeldClaimsOptions = {
  lease: Lease;
  tasks: Pick<SchedulingUseCases, 'claim' | 'undoClaim'>;
  clock: Clock;
  /** Whose wall clock shows how long the process stood still, where `clock` doesn't. */
  machineClock?: Clock | undefined;
  logger: Logger;
  graceSignal: AbortSignal;
};

type Moment = { monotonic: number; wall: number };
export type Claimed = { kind: 'to send'; task: HeldTask; attempt: Attempt; request: TaskRequest; issuedAt: Moment };

export type ClaimResult =
  | Claimed
  /** Its request can't be sent; that is to be recorded. */
  | { kind: 'rejected'; attempt: Attempt; outcome: SubmissionOutcome }
  /** It was canceled, or another process has it. */
  | { kind: 'not held' }
  /** By PostgreSQL, surely. */
  | { kind: 'refused' }
  /** It may be committed, and is not sent in any case. */
  | { kind: 'in doubt' };

/**
 * A process that was frozen after its claim was committed may wake up when another one has already given the task up: it
 * must not send then.
 */
const maxClaimMs = 2_000;
const undoPauseMs = 500;

/** Commits that a task is about to be sent, before it is. */
export function createHeldClaims(options: HeldClaimsOptions) {
  const { lease, tasks, clock, machineClock = clock, logger, graceSignal } = options;

  async function undo(task: HeldTask): Promise<void> {
    while (!graceSignal.aborted) {
      // The claim may still be on its way.
      await clock.sleep(undoPauseMs, graceSignal).catch(() => {});
      try {
        await tasks.undoClaim(task.id, lease.epoch);
        return;
      } catch (error) {
        // It is found by its age, as after a crash. Anything else: the database is still away.
        if (error instanceof RefusedRecordError) return;
      }
    }
  }

  async function claim(task: HeldTask): Promise<ClaimResult> {
    const issuedAt = { monotonic: clock.monotonic(), wall: machineClock.now() };
    const claimed = await tasks.claim(task.id, lease.epoch);
    if (claimed === null) return { kind: 'not held' };
    if ('refusal' in claimed)
      return { kind: 'rejected', attempt: claimed, outcome: { kind: 'rejected', error: claimed.refusal } };
    return { kind: 'to send', task, attempt: claimed, request: claimed.request, issuedAt };
  }

  return {
    async claim(task: HeldTask): Promise<ClaimResult> {
      try {
        return await claim(task);
      } catch (error) {
        if (error instanceof RefusedRecordError) {
          const { sqlState } = error;
          logger.error(
            { taskId: task.id, sqlState },
            'PostgreSQL refuses the claim of a task; it is tried again later.',
          );
          return { kind: 'refused' };
        }
        logger.warn(
          { taskId: task.id, error: String(error) },
          'It is in doubt whether a task was claimed; it is not sent.',
        );
        await undo(task);
        return { kind: 'in doubt' };
      }
    },

    /** Why it must not be sent any more, by the monotonic or the wall clock; null while it may. */
    staleness({ issuedAt }: Claimed): SubmissionOutcome | null {
      const lateMs = Math.max(clock.monotonic() - issuedAt.monotonic, Math.abs(machineClock.now() - issuedAt.wall));
      if (lateMs < maxClaimMs) return null;
      const message = `The process stood still for ${Math.round(lateMs)} ms before it could send the task.`;
      return {
        kind: 'held-back',
        pausesAccount: false,
        error: new UpstreamCallError('not-connected', 'STALE_CLAIM', message),
      };
    },
  };
}
