import type { ChangePlace } from './change-place.ts';
import type { Task } from './task.ts';

export type FeedInterest = {
  owner: string;
  ids?: readonly string[];
  matches?(task: Task): boolean;
  isLast?(task: Task): boolean;
};

/** A task as it was read, and the transaction that created it; null when that is not known or does not matter. */
export type FoundTask = { task: Task; createdIn: bigint | null };

export type FeedEvent = {
  task: Task;
  /** It did not exist where the subscriber began, and comes for the first time. */
  isNew: boolean;
  /** Everything that changed before it was delivered, itself included. null if the subscription has no beginning (`beginAt`). */
  place: ChangePlace | null;
};

/**
 * One subscriber's queue. It collects from the moment it is made, keeps only the latest state of each task, and never
 * drops a last one. Iterate it once; dispose of it when done.
 */
export type FeedSubscription = AsyncIterableIterator<FeedEvent, undefined> &
  Disposable & {
    /** Queues a state that was read elsewhere, such as the snapshot that a subscription begins with. */
    offer(task: Task, createdIn?: bigint | null): void;
    /** The subscriber has everything up to `after`; what was offered so far brings it up to `now`. */
    beginAt(after: ChangePlace, now: ChangePlace): void;
    /** A subscriber waits for these unfinished tasks of its owner: they are polled more often. */
    beUrgent(ids: readonly string[]): void;
  };

export type TaskFeed = {
  subscribe(interest: FeedInterest): FeedSubscription;
  readonly subscribers: number;
  /** The tasks that subscribers wait for, up to a number for each owner. Watching an owner's whole list doesn't count. */
  urgentIds(): string[];
  settle(ids: readonly string[]): void;
};
