import type { ChangePlace } from '../domain/task/change-place.ts';
import type { FeedInterest } from '../domain/task/feed.ts';
import { ownerTag, type TaskHint } from '../domain/task/task-hint.ts';
import type { SubscriptionQueue } from './subscription-queue.ts';

/** Finds the subscribers that a hint concerns: by the task's id, or by its owner if they watch a whole list. */
export function createSubscriberIndex() {
  const byId = new Map<string, Set<SubscriptionQueue>>();
  const byOwnerTag = new Map<string, Set<SubscriptionQueue>>();
  const all = new Set<SubscriptionQueue>();

  return {
    add(interest: FeedInterest, queue: SubscriptionQueue): void {
      all.add(queue);
      if (interest.ids === undefined) {
        const tag = ownerTag(interest.owner);
        byOwnerTag.set(tag, (byOwnerTag.get(tag) ?? new Set()).add(queue));
      }
      for (const id of interest.ids ?? []) byId.set(id, (byId.get(id) ?? new Set()).add(queue));
    },

    remove(interest: FeedInterest, queue: SubscriptionQueue): void {
      all.delete(queue);
      const tag = ownerTag(interest.owner);
      const watchers = byOwnerTag.get(tag);
      watchers?.delete(queue);
      if (watchers?.size === 0) byOwnerTag.delete(tag);
      for (const id of interest.ids ?? []) {
        const queues = byId.get(id);
        queues?.delete(queue);
        if (queues?.size === 0) byId.delete(id);
      }
    },

    interestedIn(hint: TaskHint): SubscriptionQueue[] {
      return [...(byId.get(hint.id) ?? []), ...(byOwnerTag.get(hint.ownerTag) ?? [])];
    },

    ids: (): string[] => [...byId.keys()],

    get size(): number {
      return all.size;
    },

    /** Every change up to this place was offered to the subscribers that it concerns. */
    reach(place: ChangePlace): void {
      for (const queue of all) queue.reach(place);
    },

    /** Only for whole lists: what they have missed can't be found by id. */
    failLists(error: Error): void {
      for (const queues of byOwnerTag.values()) for (const queue of queues) queue.fail(error);
    },

    closeAll(): void {
      for (const queue of all) queue[Symbol.dispose]();
    },
  };
}
