import { failures } from './failures.ts';
import { failWith, type GuardedMove } from './moves.ts';
import { isCode } from './submission.ts';
import type { FilesExpiry, Task, TaskKind } from './task.ts';
import type { DescribeAnswer, UpstreamCallError } from './upstream.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** The vendor deletes results 12 hours after the end; the margin covers clocks that differ and a slow download. */
export const documentedResultLifeMs = 12 * hourMs - 5 * minuteMs;

/** A task that timed out is still asked after, once an hour, for a day. */
export const lateResult = { intervalMs: hourMs, forMs: 24 * hourMs };

/** "No such task" is believed after this many such answers over this long: an upstream can forget for a moment. */
const missing = { answers: 3, overMs: 2 * minuteMs };

/** What is known of a task that is being asked after, beside the task: of its polls, so far. */
export type Followed = {
  task: Pick<Task, 'id' | 'kind' | 'state' | 'status' | 'request' | 'submittedAt' | 'endedAt' | 'failure'>;
  /** When the last answer that was not final was asked for. */
  lastUnfinishedAt: Date | null;
  lastPolledAt: Date | null;
  /** Polls that are not yet recorded. */
  unrecordedPolls: number;
  /** "No such task", in a row, and since when. */
  missingCount: number;
  missingSince: Date | null;
};

/** Whether there is still something to learn: until the end, and for a day after a time-out. */
export function isWorthAsking({ task, lastPolledAt }: Followed): boolean {
  if (task.state !== 'ended') return true;
  if (task.failure?.code !== 'TIMED_OUT' || task.endedAt === null || lastPolledAt === null) return false;
  return lastPolledAt.getTime() - task.endedAt.getTime() < lateResult.forMs;
}

/** Whether any answer that is asked for at a moment ends it: its deadline has passed. Never, if its beginning is not known. */
export function isOverdue({ task }: Pick<Followed, 'task'>, at: Date): boolean {
  return (
    task.submittedAt !== null && at.getTime() > task.submittedAt.getTime() + deadlineMs(task.kind, isOffPeak(task))
  );
}

/** What is known after an answer that was asked for at `sentAt`. */
export function afterAnswer(followed: Followed, answer: DescribeAnswer, sentAt: Date): Followed {
  const final = answer.status === 'DONE' || answer.status === 'FAIL';
  return {
    ...followed,
    lastUnfinishedAt: final ? followed.lastUnfinishedAt : sentAt,
    lastPolledAt: sentAt,
    unrecordedPolls: followed.unrecordedPolls + 1,
    missingCount: 0,
    missingSince: null,
  };
}

/** What is known after one more "no such task". */
export function afterMissing(followed: Followed, sentAt: Date): Followed {
  return {
    ...followed,
    lastPolledAt: sentAt,
    unrecordedPolls: followed.unrecordedPolls + 1,
    missingCount: followed.missingCount + 1,
    missingSince: followed.missingSince ?? sentAt,
  };
}

/** From submission: after this the gateway gives up, unless an answer still comes. Off-peak video is made within 48 hours. */
export function deadlineMs(kind: TaskKind, offPeak: boolean): number {
  if (kind !== 'VIDEO') return 6 * hourMs;
  return (offPeak ? 72 : 24) * hourMs;
}

/**
 * What an answer moves: forwards only, WAIT → RUN → DONE | FAIL; null when it changes nothing. `sentAt` is when the
 * question was sent. A word that is not known moves nothing, like any status that is not further.
 */
export function moveOfAnswer(
  followed: Followed,
  answer: DescribeAnswer,
  sentAt: Date,
  resultLifeMs: number,
): GuardedMove | null {
  const said = { message: answer.message, requestId: answer.requestId };
  switch (answer.status) {
    case 'DONE':
      return {
        guard: unfinished,
        move: {
          state: 'ended',
          status: 'DONE',
          failure: null,
          files: answer.files,
          filesExpiry: filesExpiry(followed, resultLifeMs),
          resolution: answer.resolution,
          ...said,
        },
      };
    case 'FAIL':
      return { guard: unfinished, move: failWith(failures.generationFailed(answer.message, answer.requestId)) };
    default:
      return moveOfUnfinished(followed, answer, sentAt, said);
  }
}

const unfinished = { states: ['submitted', 'ended'], failureCodes: ['TIMED_OUT'] } as const;

function moveOfUnfinished(
  { task }: Followed,
  answer: DescribeAnswer,
  sentAt: Date,
  said: { message: string | null; requestId: string | null },
): GuardedMove | null {
  if (task.state !== 'submitted') return null;
  if (isOverdue({ task }, sentAt)) {
    const limitMs = deadlineMs(task.kind, isOffPeak(task));
    const guard = { states: ['submitted'], submittedForMs: limitMs } as const;
    return { guard, move: failWith(failures.timedOut(limitMs / hourMs, answer.requestId)) };
  }
  if (answer.status !== 'RUN' || task.status !== 'WAIT') return null;
  return {
    guard: { states: ['submitted'], statuses: ['WAIT'] },
    move: { state: 'submitted', status: 'RUN', failure: null, ...said },
  };
}

/** The upstream's word for an id that it doesn't know; what the API pages and the SDK's error lists name. */
export function isUnknownTask(error: UpstreamCallError): boolean {
  return error.phase === 'refused' && isCode(error.code, ['InvalidParameterValue.TaskId', 'ResourceNotFound']);
}

/** What is known of a task that timed out after one more question that failed: its turn is over, as with an answer. */
export function afterLateFailure(followed: Followed, sentAt: Date): Followed {
  return { ...followed, lastPolledAt: sentAt, unrecordedPolls: followed.unrecordedPolls + 1 };
}

/** The end of a task that the upstream has forgotten, once that is to be believed. One that has ended stays as it is. */
export function moveOfMissing(followed: Followed, error: UpstreamCallError): GuardedMove | null {
  const { task, missingCount, missingSince, lastPolledAt } = followed;
  if (task.state === 'ended') return null;
  if (missingSince === null || lastPolledAt === null || missingCount < missing.answers) return null;
  if (lastPolledAt.getTime() - missingSince.getTime() < missing.overMs) return null;
  return { guard: { states: ['submitted'] }, move: failWith(failures.notFound(error)) };
}

/** The end itself is never told, so URLs are counted from the last moment at which the task surely had not ended. */
function filesExpiry({ task, lastUnfinishedAt }: Followed, resultLifeMs: number): FilesExpiry {
  if (task.request?.storeCos !== undefined) return { kind: 'never' };
  const knownUnfinishedAt = lastUnfinishedAt ?? (task.request === null ? null : task.submittedAt);
  if (knownUnfinishedAt === null) return { kind: 'unknown' };
  return { kind: 'at', at: new Date(knownUnfinishedAt.getTime() + resultLifeMs) };
}

/** Whether the upstream may take up to 48 hours over it. False for an adopted task, whose request nobody knows. */
export function isOffPeak(task: Pick<Task, 'request'>): boolean {
  return task.request?.kind === 'VIDEO' && task.request.offPeak === true;
}
