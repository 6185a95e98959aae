import type { FilesExpiry, ResultFile, TaskFailure, TaskFailureCode, TaskState, TaskStatus } from './task.ts';

/** Must still hold for a move to happen. Otherwise another process has moved the task, and nothing changes. */
export type Guard = {
  owner?: string;
  states: readonly TaskState[];
  statuses?: readonly TaskStatus[];
  failureCodes?: readonly TaskFailureCode[];
  attempt?: number;
  cancelRequested?: boolean;
  /** At least, by the database's time. */
  submittedForMs?: number;
};

/** A visible change: one revision, one line of history, one hint. Absent fields stay as they are. */
export type Move = {
  state: TaskState;
  status: TaskStatus;
  failure: TaskFailure | null;
  upstreamTaskId?: string;
  submittedAt?: Date;
  files?: ResultFile[];
  filesExpiry?: FilesExpiry;
  resolution?: string | null;
  addedWarning?: string;
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
