import type { ChangePlace } from '../domain/task/change-place.ts';
import { TaskNotFoundError } from '../domain/errors.ts';
import type { FeedEvent, FeedSubscription } from '../domain/task/feed.ts';
import { matchesChangeFilter, type TaskChangeFilter } from '../domain/task/listing.ts';
import type { TaskChange } from '../domain/task/task-change.ts';
import { isTaskId } from '../domain/task/task-id.ts';
import type { Caller, Task } from '../domain/task/task.ts';
import { mapEach } from '../kit/prompt-iterator.ts';
import { findOwnChanges, type OwnChanges } from '../store/find-own-changes.ts';
import type { TaskDependencies } from './dependencies.ts';
import type { FirstReads } from './first-reads.ts';

export type WatchDependencies = TaskDependencies & { firstReads: FirstReads };

/**
 * The task as it is, then each change; complete after its end. Subscribes first and reads then, so nothing falls between.
 * Rejects with TaskNotFoundError.
 */
export async function watchTask(
  dependencies: WatchDependencies,
  caller: Caller,
  id: string,
): Promise<AsyncIterable<Task>> {
  // Only what can be an id may reach the feed, which hands the ids of all watchers to the database together.
  if (!isTaskId(id)) throw new TaskNotFoundError();
  const subscription = dependencies.feed.subscribe({
    owner: caller.owner,
    ids: [id],
    isLast: (task) => task.state === 'ended',
  });
  return await orDispose(subscription, async () => {
    const task = await dependencies.firstReads.findTask(caller.owner, id);
    if (task === null) throw new TaskNotFoundError();
    if (task.state !== 'ended') subscription.beUrgent([id]);
    subscription.offer(task);
    return mapEach(subscription, (event) => event.task);
  });
}

/** What changed after a place, then every change; endless. Rejects with RefetchRequiredError when that is not known. */
export async function watchTaskChanges(
  dependencies: WatchDependencies,
  caller: Caller,
  given: TaskChangeFilter,
  after: ChangePlace | null,
): Promise<AsyncIterable<TaskChange>> {
  const own = given.ids && (await dependencies.firstReads.findStates(caller.owner, given.ids.filter(isTaskId)));
  // What is not the caller's own is dropped here: it reaches neither the feed nor what is written down for all replicas.
  const filter = { ...given, ...(own && { ids: own.map(({ id }) => id) }) };
  const subscription = dependencies.feed.subscribe({
    owner: caller.owner,
    ...(filter.ids && { ids: filter.ids }),
    matches: (task) => matchesChangeFilter(task, filter),
  });
  return await orDispose(subscription, async () => {
    const missed = await findMissed(dependencies, caller, filter, after);
    for (const { task, createdIn } of missed.tasks) subscription.offer(task, createdIn);
    subscription.beginAt(after ?? missed.place, missed.place);
    subscription.beUrgent((own ?? []).flatMap(({ id, state }) => (state === 'ended' ? [] : [id])));
    return mapEach(subscription, (event) => changeOf(event, missed.place));
  });
}

async function findMissed(
  { database, firstReads }: WatchDependencies,
  caller: Caller,
  filter: TaskChangeFilter,
  after: ChangePlace | null,
): Promise<OwnChanges> {
  if (after === null) return { place: await firstReads.findPlace(caller.owner), tasks: [] };
  return await findOwnChanges(database, caller.owner, filter, after);
}

function changeOf({ task, isNew, place }: FeedEvent, beginning: ChangePlace): TaskChange {
  return { type: isNew ? 'CREATED' : 'UPDATED', owner: task.owner, task, place: place ?? beginning };
}

async function orDispose<Answer>(subscription: FeedSubscription, begin: () => Promise<Answer>): Promise<Answer> {
  try {
    return await begin();
  } catch (error) {
    subscription[Symbol.dispose]();
    throw error;
  }
}
