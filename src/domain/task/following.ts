import { failures } from './failures.ts';
import { failWith, type GuardedMove } from './moves.ts';
import { isCode } from './submission.ts';
import { correctableCodes, isCorrectable } from './task.ts';
import type { FilesExpiry, Task, TaskFailureCode, TaskKind } from './task.ts';
import type { DescribeAnswer, UpstreamCallError } from '../upstream.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** The vendor deletes results 12 hours after the end; the margin is for clocks that differ and slow downloads. */
export const documentedResultLifeMs = 12 * hourMs - 5 * minuteMs;

/** How a task is still polled whose end evidence may correct. */
export const lateResult = { intervalMs: hourMs, forMs: 24 * hourMs };

/** "No such task" in a row that end a task past its deadline: an upstream can forget for a moment. */
const minMissing = 3;

/** Files may come a little after the status: DONE without a usable one is believed only after this time. */
const emptyDoneForMs = 5 * minuteMs;

export type Followed = {
  task: Pick<Task, 'id' | 'kind' | 'state' | 'status' | 'request' | 'submittedAt' | 'endedAt' | 'failure'>;
  lastUnfinishedAt: Date | null;
  lastPolledAt: Date | null;
  unrecordedPolls: number;
  missingCount: number;
  missingSince: Date | null;
  /** Since when the upstream says DONE without a file that can be fetched. */
  emptyDoneSince: Date | null;
};

export function isWorthPolling({ task, lastPolledAt }: Followed): boolean {
  if (task.state !== 'ended') return true;
  if (!isCorrectable(task) || task.endedAt === null) return false;
  const lastAt = lastPolledAt ?? task.endedAt;
  return lastAt.getTime() - task.endedAt.getTime() < lateResult.forMs;
}

/** After the deadline, any answer to a poll ends the task. A task whose beginning is unknown has none. */
export function isOverdue({ task }: Pick<Followed, 'task'>, at: Date): boolean {
  return (
    task.submittedAt !== null && at.getTime() > task.submittedAt.getTime() + deadlineMs(task.kind, isOffPeak(task))
  );
}

/** What is known after one more poll, whatever its answer. */
export function afterPoll(followed: Followed, sentAt: Date): Followed {
  return { ...followed, lastPolledAt: sentAt, unrecordedPolls: followed.unrecordedPolls + 1 };
}

export function afterAnswer(followed: Followed, answer: DescribeAnswer, sentAt: Date): Followed {
  const final = answer.status === 'DONE' || answer.status === 'FAIL';
  return {
    ...afterPoll(followed, sentAt),
    lastUnfinishedAt: final ? followed.lastUnfinishedAt : sentAt,
    missingCount: 0,
    missingSince: null,
    emptyDoneSince: isEmptyDone(answer) ? (followed.emptyDoneSince ?? sentAt) : null,
  };
}

function isEmptyDone({ status, files }: DescribeAnswer): boolean {
  return status === 'DONE' && files.length === 0;
}

export function afterMissing(followed: Followed, sentAt: Date): Followed {
  return {
    ...afterPoll(followed, sentAt),
    missingCount: followed.missingCount + 1,
    missingSince: followed.missingSince ?? sentAt,
  };
}

/** From the submission on. The vendor makes off-peak videos within 48 hours. */
export function deadlineMs(kind: TaskKind, offPeak: boolean): number {
  if (kind !== 'VIDEO') return 6 * hourMs;
  return (offPeak ? 72 : 24) * hourMs;
}

/** Forwards only: WAIT → RUN → DONE | FAIL. null for an answer that changes nothing, such as an unknown status. */
export function moveOfAnswer(
  followed: Followed,
  answer: DescribeAnswer,
  sentAt: Date,
  resultLifeMs: number,
): GuardedMove | null {
  const said = { message: answer.message, requestId: answer.requestId };
  switch (answer.status) {
    case 'DONE':
      if (isEmptyDone(answer) && !isEmptyDoneBelieved(followed, sentAt)) return null;
      return {
        guard: open,
        move: {
          state: 'ended',
          status: 'DONE',
          failure: null,
          files: answer.files,
          filesExpiry: filesExpiry(followed, resultLifeMs),
          resolution: answer.resolution,
          ...(isEmptyDone(answer) && { addedWarning: emptyDoneWarning }),
          ...said,
        },
      };
    case 'FAIL':
      return { guard: open, move: failWith(failures.generationFailed(answer.message, answer.requestId)) };
    default:
      return moveOfUnfinished(followed, answer, sentAt, said);
  }
}

const open = { states: ['submitted', 'ended'], failureCodes: correctableCodes } as const;

const emptyDoneWarning =
  'The vendor says that this task is done, but named no file that can be fetched, however often it was asked.';

/** Also past the deadline, whatever was answered before: nothing keeps a task open for ever. */
function isEmptyDoneBelieved(followed: Followed, sentAt: Date): boolean {
  const since = followed.emptyDoneSince ?? sentAt;
  return sentAt.getTime() - since.getTime() >= emptyDoneForMs || isOverdue(followed, sentAt);
}

type Said = { message: string | null; requestId: string | null };

function moveOfUnfinished({ task }: Followed, answer: DescribeAnswer, sentAt: Date, said: Said): GuardedMove | null {
  if (task.state === 'ended') return moveOfReopened(task, answer, sentAt, said);
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

/** A task that was given up still runs. One that timed out is not reopened: it would time out again at once. */
function moveOfReopened(
  task: Followed['task'],
  { status }: DescribeAnswer,
  sentAt: Date,
  said: Said,
): GuardedMove | null {
  if (task.failure === null || !reopenable.includes(task.failure.code)) return null;
  if ((status !== 'WAIT' && status !== 'RUN') || isOverdue({ task }, sentAt)) return null;
  return {
    guard: { states: ['ended'], failureCodes: reopenable },
    move: { state: 'submitted', status, failure: null, ...said },
  };
}

const reopenable: readonly TaskFailureCode[] = correctableCodes.filter((code) => code !== 'TIMED_OUT');

/** By the vendor's API pages and the SDK's lists of errors. */
export function isUnknownTask(error: UpstreamCallError): boolean {
  return error.phase === 'refused' && isCode(error.code, ['InvalidParameterValue.TaskId', 'ResourceNotFound']);
}

/**
 * The end of a task that the upstream doesn't know any more: where that is believed (the scheduler compares it with other
 * tasks), and past its deadline in any case.
 */
export function moveOfMissing(followed: Followed, error: UpstreamCallError, isBelieved: boolean): GuardedMove | null {
  const { task, missingCount, lastPolledAt } = followed;
  if (task.state === 'ended') return null;
  const isPast = lastPolledAt !== null && missingCount >= minMissing && isOverdue(followed, lastPolledAt);
  if (!isBelieved && !isPast) return null;
  return { guard: { states: ['submitted'] }, move: failWith(failures.notFound(error)) };
}

/** The vendor doesn't say when a task ended: its URLs live from the last moment at which it surely had not. */
function filesExpiry({ task, lastUnfinishedAt }: Followed, resultLifeMs: number): FilesExpiry {
  if (task.request?.storeCos !== undefined) return { kind: 'never' };
  const knownUnfinishedAt = lastUnfinishedAt ?? (task.request === null ? null : task.submittedAt);
  if (knownUnfinishedAt === null) return { kind: 'unknown' };
  return { kind: 'at', at: new Date(knownUnfinishedAt.getTime() + resultLifeMs) };
}

/** The upstream may take up to 48 hours then. false for an adopted task, whose request is not known. */
export function isOffPeak(task: Pick<Task, 'request'>): boolean {
  return task.request?.kind === 'VIDEO' && task.request.offPeak === true;
}
