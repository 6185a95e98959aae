import type { ChangePlace } from './change-place.ts';
import type { Task } from './task.ts';

export type FeedInterest = {
  owner: string;
  ids?: readonly string[];
  matches?(task: Task): boolean;
  isLast?(task: Task): boolean;
};

/** `createdIn`: the transaction that created the task; null when it is not known or does not matter. */
export type FoundTask = { task: Task; createdIn: bigint | null };

export type FeedEvent = {
  task: Task;
  /** It did not exist where the subscriber began, and comes for the first time. */
  isNew: boolean;
  /** Up to where everything was delivered, this event included. null until `beginAt`. */
  place: ChangePlace | null;
};

/** Collects from the moment it is made, keeps only the latest state of each task, and never drops a last one. Iterate once. */
export type FeedSubscription = AsyncIterableIterator<FeedEvent, undefined> &
  Disposable & {
    /** Queues a state that was read elsewhere, such as a subscription's first snapshot. */
    offer(task: Task, createdIn?: bigint | null): void;
    /** The subscriber has everything up to `after`; what was offered so far brings it up to `now`. */
    beginAt(after: ChangePlace, now: ChangePlace): void;
    /** A subscriber waits for these tasks: they are polled more often. */
    beUrgent(ids: readonly string[]): void;
  };

export type TaskFeed = {
  subscribe(interest: FeedInterest): FeedSubscription;
  readonly subscribers: number;
  /** The tasks that subscribers wait for, up to a maximum for each owner. Watching a whole list doesn't count. */
  urgentIds(): string[];
  settle(ids: readonly string[]): void;
};
