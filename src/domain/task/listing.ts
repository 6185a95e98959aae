import type { ChangePlace } from './change-place.ts';
import type { GenerationMode, Task, TaskFailureCode, TaskKind, TaskStatus } from './task.ts';

/** All given conditions must hold, and of a list one value. An empty list matches nothing. */
export type TaskFilter = {
  kinds?: readonly TaskKind[];
  modes?: readonly GenerationMode[];
  statuses?: readonly TaskStatus[];
  failureCodes?: readonly TaskFailureCode[];
  modelNames?: readonly string[];
  operator?: string;
  search?: string;
  createdAfter?: Date;
  createdBefore?: Date;
};

/** A keyset page, newest first. `after` and `before` are task ids. Exactly one of first and last is set. */
export type PageRequest = { first?: number; after?: string; last?: number; before?: string };

export type TaskPage = {
  tasks: Task[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  asOf: Date;
  /** Where to follow from: the page reflects everything that was committed before it. */
  place: ChangePlace;
};

export type TaskCount = { count: number; exact: boolean };

/** Of `taskChanges`. Only what never changes, so that no task can drop out unnoticed. */
export type TaskChangeFilter = {
  ids?: readonly string[];
  kinds?: readonly TaskKind[];
  modelNames?: readonly string[];
  operator?: string;
};

export function matchesChangeFilter(task: Task, filter: TaskChangeFilter): boolean {
  return (
    (filter.ids === undefined || filter.ids.includes(task.id)) &&
    (filter.kinds === undefined || filter.kinds.includes(task.kind)) &&
    (filter.modelNames === undefined ||
      (task.request?.model !== undefined && filter.modelNames.includes(task.request.model.name))) &&
    (filter.operator === undefined || filter.operator === task.request?.operator)
  );
}
