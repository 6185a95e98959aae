import type { FeedInterest } from '../domain/feed.ts';
import { ownerTag, type TaskHint } from '../domain/task-hint.ts';
import type { SubscriptionQueue } from './subscription-queue.ts';

/** Finds the subscribers that a hint concerns: by the task's id, or by its owner when they watch a whole list. */
export function createSubscriberIndex() {
  const byId = new Map<string, Set<SubscriptionQueue>>();
  const byOwnerTag = new Map<string, { owner: string; queues: Set<SubscriptionQueue> }>();
  const all = new Map<SubscriptionQueue, FeedInterest>();

  return {
    add(interest: FeedInterest, queue: SubscriptionQueue): void {
      all.set(queue, interest);
      if (interest.ids === undefined) {
        const tag = ownerTag(interest.owner);
        const watchers = byOwnerTag.get(tag) ?? { owner: interest.owner, queues: new Set() };
        byOwnerTag.set(tag, watchers);
        watchers.queues.add(queue);
      }
      for (const id of interest.ids ?? []) byId.set(id, (byId.get(id) ?? new Set()).add(queue));
    },

    remove(interest: FeedInterest, queue: SubscriptionQueue): void {
      all.delete(queue);
      const tag = ownerTag(interest.owner);
      const watchers = byOwnerTag.get(tag);
      watchers?.queues.delete(queue);
      if (watchers?.queues.size === 0) byOwnerTag.delete(tag);
      for (const id of interest.ids ?? []) {
        const queues = byId.get(id);
        queues?.delete(queue);
        if (queues?.size === 0) byId.delete(id);
      }
    },

    interestedIn(hint: TaskHint): SubscriptionQueue[] {
      return [...(byId.get(hint.id) ?? []), ...(byOwnerTag.get(hint.ownerTag)?.queues ?? [])];
    },

    watched(): { owners: string[]; ids: string[] } {
      return { owners: [...byOwnerTag.values()].map(({ owner }) => owner), ids: [...byId.keys()] };
    },

    urgentIds(): string[] {
      const urgent = [...all.values()].filter((interest) => interest.urgent);
      return [...new Set(urgent.flatMap(({ ids }) => ids ?? []))];
    },

    get size(): number {
      return all.size;
    },

    closeAll(): void {
      for (const queue of all.keys()) queue[Symbol.dispose]();
    },
  };
}
