import type { Clock } from '../kit/clock.ts';
import type { SubmissionOutcome } from '../domain/task/submission.ts';
import type { UpstreamCallError } from '../domain/upstream.ts';
import type { Pass } from './circuit-breaker.ts';

/** What comes of one kind's Creates, and what that says about those to come. */
export type CreateTroubles = {
  /** A Create is on its way now. `judge` reports its outcome to the pass. */
  began(taskId: string): void;
  judge(taskId: string, outcome: SubmissionOutcome, pass: Pass): void;
  /** Why no further one should begin, in words for an operator: nothing is answered any more. null while all is well. */
  silence(): string | null;
};

/** An upstream that answers nothing, or nonsense, would turn the whole queue into tasks whose submission is unconfirmed. */
const mostUnconfirmedInARow = 3;
/** It is known long before a call's time-out: so many are under way, and for so long none was answered. */
const silent = { calls: 10, forMs: 3_000 };
/** Codes of the account's may be about a single task, a bucket that may not be written to. While others work, one is. */
const mostRefusedInARow = 3;
const othersWorkedWithinMs = 10_000;

export function createCreateTroubles(clock: Clock): CreateTroubles {
  /** When each was sent, oldest first. */
  const underWay = new Map<string, number>();
  let answeredAt = Number.NEGATIVE_INFINITY;
  let workedAt = Number.NEGATIVE_INFINITY;
  let unconfirmedInARow = 0;
  /** Tasks since a Create last worked. */
  const refused = new Set<string>();

  function judgeRefusal(taskId: string, error: UpstreamCallError, pass: Pass): void {
    refused.add(taskId);
    const othersWork = clock.monotonic() - workedAt < othersWorkedWithinMs;
    if (othersWork && refused.size < mostRefusedInARow) pass.undecided();
    else pass.failed(textOf(error), taskId);
  }

  function judgeFailure(error: UpstreamCallError, pass: Pass): void {
    if (error.phase === 'not-connected' || unconfirmedInARow >= mostUnconfirmedInARow) pass.failed(textOf(error));
    else pass.undecided();
  }

  return {
    began: (taskId) => void underWay.set(taskId, clock.monotonic()),

    judge(taskId, outcome, pass) {
      underWay.delete(taskId);
      unconfirmedInARow = outcome.kind === 'unconfirmed' ? unconfirmedInARow + 1 : 0;
      const now = clock.monotonic();
      if (outcome.kind === 'accepted' || outcome.error.phase === 'refused') answeredAt = now;
      if (outcome.kind === 'accepted' || outcome.kind === 'rejected') {
        workedAt = now;
        refused.clear();
        return pass.worked();
      }
      if (outcome.kind === 'held-back' && outcome.pausesAccount) judgeRefusal(taskId, outcome.error, pass);
      else judgeFailure(outcome.error, pass);
    },

    silence() {
      const [oldest] = underWay.values();
      if (oldest === undefined || underWay.size < silent.calls) return null;
      if (clock.monotonic() - Math.max(oldest, answeredAt) < silent.forMs) return null;
      return `NO_ANSWER: ${underWay.size} calls are under way, and none is answered.`;
    },
  };
}

function textOf({ code, message }: UpstreamCallError): string {
  return `${code}: ${message}`;
}
