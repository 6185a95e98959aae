import type { FilesExpiry, ResultFile, TaskFailure, TaskFailureCode, TaskState, TaskStatus } from './task.ts';

/** What must still hold for a move to happen. If it doesn't, somebody else has moved the task, and nothing changes. */
export type Guard = {
  /** Whose it must be: for what a caller asks for. */
  owner?: string;
  states: readonly TaskState[];
  statuses?: readonly TaskStatus[];
  failureCodes?: readonly TaskFailureCode[];
  /** The submission that this is the outcome of. */
  attempt?: number;
  cancelRequested?: boolean;
  /** How long ago, by the database's time, it must have been submitted at least. */
  submittedForMs?: number;
};

/** A visible change: one revision, one line of history, one notification. What is absent stays as it is. */
export type Move = {
  state: TaskState;
  status: TaskStatus;
  failure: TaskFailure | null;
  upstreamTaskId?: string;
  /** When the upstream accepted it: may be recorded later. */
  submittedAt?: Date;
  files?: ResultFile[];
  filesExpiry?: FilesExpiry;
  resolution?: string | null;
  /** Joins the task's warnings. */
  addedWarning?: string;
  /** For the history: what the upstream said, and the request in which it did. */
  message: string | null;
  requestId: string | null;
};

export type GuardedMove = { guard: Guard; move: Move };

export function failWith(failure: TaskFailure): Move {
  return {
    state: 'ended',
    status: 'FAIL',
    failure,
    message: failure.message,
    requestId: failure.requestId,
  };
}
