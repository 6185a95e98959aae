import type { ChangePlace } from './change-place.ts';
import type { Task } from './task.ts';

/** What `taskChanges` tells. */
export type TaskChange = {
  /** CREATED: it was not there where the subscriber began, and comes for the first time. */
  type: TaskChangeType;
  /** The task's. */
  owner: string;
  task: Task;
  /** From which to go on: all that changed before it has been told, this change included. */
  place: ChangePlace;
};

export const taskChangeTypes = ['CREATED', 'UPDATED'] as const;
export type TaskChangeType = (typeof taskChangeTypes)[number];
