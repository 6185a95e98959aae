import type { FeedSubscription } from '../domain/task/feed.ts';
import type { Task } from '../domain/task/task.ts';
import { findOwnTasks } from '../store/find-tasks.ts';
import { createTimeLimit } from '../kit/time-limit.ts';
import type { TaskDependencies } from './dependencies.ts';

/**
 * The task once the upstream has answered anything about it, or as it is when the wait is over. `changes` is a subscription
 * from before the task was read, where the caller has one.
 */
export async function waitForFirstAnswer(
  dependencies: TaskDependencies,
  task: Task,
  changes?: FeedSubscription,
): Promise<Task> {
  return await waitUntil(dependencies, task, (now) => now.revision > 1, dependencies.createWaitMs, changes);
}

/** The task as soon as it is as wanted, or as it is after `waitMs`. */
export async function waitUntil(
  { database, feed, clock }: TaskDependencies,
  task: Task,
  isWanted: (task: Task) => boolean,
  waitMs: number,
  earlierChanges?: FeedSubscription,
): Promise<Task> {
  if (isWanted(task) || waitMs === 0) return task;
  using changes = earlierChanges ?? feed.subscribe({ owner: task.owner, ids: [task.id] });
  using limit = createTimeLimit(clock, waitMs);
  // A new subscription has not heard what came between the task's read and its own beginning.
  changes.offer(earlierChanges ? task : await findNow(database, task));
  for (;;) {
    const next = await Promise.race([changes.next(), limit.passed]);
    if (next === undefined || next.done === true) return await findNow(database, task);
    if (isWanted(next.value.task)) return next.value.task;
  }
}

async function findNow(database: TaskDependencies['database'], task: Task): Promise<Task> {
  const [now] = await findOwnTasks(database, task.owner, [task.id]);
  if (now === undefined) throw new Error(`Task ${task.id} has vanished.`);
  return now;
}
