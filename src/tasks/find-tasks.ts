import { maxWordLength } from '../domain/request/request-bounds.ts';
import type { Caller, Task, TaskEvent } from '../domain/task/task.ts';
import { isStorable } from '../domain/request/text.ts';
import { isTaskId } from '../domain/task/task-id.ts';
import type { WebhookAttempt } from '../domain/task/webhook.ts';
import { findHistories } from '../store/find-histories.ts';
import { findOwnTasks, findOwnTasksByUpstreamId } from '../store/find-tasks.ts';
import { findWebhookAttempts } from '../store/webhook-attempts.ts';
import type { TaskDependencies } from './dependencies.ts';

/** The caller's own tasks in the order of the ids; null for a foreign, unknown or malformed one alike. */
export async function findTasks(
  { database }: Pick<TaskDependencies, 'database'>,
  caller: Caller,
  ids: readonly string[],
): Promise<(Task | null)[]> {
  const tasks = await findOwnTasks(database, caller.owner, ids.filter(isTaskId));
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return ids.map((id) => byId.get(id) ?? null);
}

export async function findTask(
  dependencies: Pick<TaskDependencies, 'database'>,
  caller: Caller,
  id: string,
): Promise<Task | null> {
  const [task] = await findTasks(dependencies, caller, [id]);
  return task ?? null;
}

export async function findTasksByUpstreamId(
  { database, account }: Pick<TaskDependencies, 'database' | 'account'>,
  caller: Caller,
  upstreamTaskIds: readonly string[],
): Promise<(Task | null)[]> {
  const storable = upstreamTaskIds.filter((id) => id.length <= maxWordLength && isStorable(id));
  const tasks = await findOwnTasksByUpstreamId(database, caller.owner, account, storable);
  const byUpstreamId = new Map(tasks.map((task) => [task.upstreamTaskId, task]));
  return upstreamTaskIds.map((id) => byUpstreamId.get(id) ?? null);
}

/** The history of each task, oldest first; empty for what is not the caller's. */
export async function findTaskHistories(
  { database }: Pick<TaskDependencies, 'database'>,
  caller: Caller,
  taskIds: readonly string[],
): Promise<TaskEvent[][]> {
  const events = await findHistories(database, caller.owner, taskIds.filter(isTaskId));
  const byTask = Map.groupBy(events, (event) => event.taskId);
  return taskIds.map((id) => byTask.get(id) ?? []);
}

/** The tries to deliver each task's webhook, oldest first: the last 50. Empty for what is not the caller's. */
export async function findTaskWebhookAttempts(
  { database }: Pick<TaskDependencies, 'database'>,
  caller: Caller,
  taskIds: readonly string[],
): Promise<WebhookAttempt[][]> {
  const attempts = await findWebhookAttempts(database, caller.owner, taskIds.filter(isTaskId));
  const byTask = Map.groupBy(attempts, (attempt) => attempt.taskId);
  return taskIds.map((id) => byTask.get(id) ?? []);
}
