import type { ChangePlace } from './change-place.ts';
import type { Task } from './task.ts';

export type TaskChange = {
  /** CREATED: it did not exist where the subscriber began, and comes for the first time. */
  type: TaskChangeType;
  owner: string;
  task: Task;
  /** Where to continue: everything up to this change was delivered. */
  place: ChangePlace;
};

export const taskChangeTypes = ['CREATED', 'UPDATED'] as const;
export type TaskChangeType = (typeof taskChangeTypes)[number];
