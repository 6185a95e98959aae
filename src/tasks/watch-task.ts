import { RefetchRequiredError, TaskNotFoundError } from '../domain/errors.ts';
import { matchesChangeFilter, type TaskChangeFilter } from '../domain/listing.ts';
import type { Caller, Task } from '../domain/task.ts';
import { lookBackFrom, findOwnChanges } from '../store/find-changes.ts';
import type { TaskDependencies } from './dependencies.ts';
import { findTask, isTaskId } from './find-tasks.ts';

/** More changes than this are not replayed: reading the list again is cheaper for both sides. */
const replayLimit = 1_000;
/**
 * Of what carries an earlier time and may have been committed later, so many: most of it the caller has read already. A
 * busy owner's last seconds hold more than the limit above, and reading the list again would not change that.
 */
const lookBackLimit = 10_000;

/** The task as it is, then each change; complete after its end. Subscribes first and reads then, so nothing falls between. */
export async function watchTask(
  dependencies: TaskDependencies,
  caller: Caller,
  id: string,
): Promise<AsyncIterable<Task>> {
  // Only what can be an id may reach the feed, which hands the ids of all watchers to the database together.
  if (!isTaskId(id)) throw new TaskNotFoundError();
  const subscription = dependencies.feed.subscribe({
    owner: caller.owner,
    ids: [id],
    urgent: true,
    isLast: (task) => task.state === 'ended',
  });
  try {
    const task = await findTask(dependencies, caller, id);
    if (task === null) throw new TaskNotFoundError();
    subscription.offer(task);
    return subscription;
  } catch (error) {
    subscription[Symbol.dispose]();
    throw error;
  }
}

/** What changed after a moment, then every change; endless. Rejects with RefetchRequiredError when that is too much. */
export async function watchTaskChanges(
  dependencies: TaskDependencies,
  caller: Caller,
  asked: TaskChangeFilter,
  since: Date | null,
): Promise<AsyncIterable<Task>> {
  const filter = { ...asked, ...(asked.ids && { ids: asked.ids.filter(isTaskId) }) };
  const subscription = dependencies.feed.subscribe({
    owner: caller.owner,
    ...(filter.ids && { ids: filter.ids, urgent: true }),
    matches: (task) => matchesChangeFilter(task, filter),
  });
  try {
    const missed = since === null ? [] : await findMissed(dependencies, caller, filter, since);
    for (const task of missed) subscription.offer(task);
    return subscription;
  } catch (error) {
    subscription[Symbol.dispose]();
    throw error;
  }
}

async function findMissed(
  { database }: TaskDependencies,
  caller: Caller,
  filter: TaskChangeFilter,
  since: Date,
): Promise<Task[]> {
  const find = async (after: Date, limit: number, until?: Date): Promise<Task[]> => {
    const range = { after, limit: limit + 1, ...(until && { until }) };
    const tasks = await findOwnChanges(database, caller.owner, filter, range);
    if (tasks.length > limit) throw new RefetchRequiredError();
    return tasks;
  };
  const changed = await find(since, replayLimit);
  return [...(await find(lookBackFrom(since), lookBackLimit, since)), ...changed];
}
