import type { ChangePlace } from './change-place.ts';
import type { Task } from './task.ts';

/** What a subscriber wants to hear of: tasks of one owner, some or all of them. */
export type FeedInterest = {
  owner: string;
  ids?: readonly string[];
  matches?(task: Task): boolean;
  /** After such a state there is nothing more to say: the subscription completes. */
  isLast?(task: Task): boolean;
};

/** A task as it was read, and the transaction that made it; null when that is no longer known, or does not matter. */
export type FoundTask = { task: Task; createdIn: bigint | null };

/** What a subscriber is handed. */
export type FeedEvent = {
  task: Task;
  /** It was not there where the subscriber began, and comes for the first time. */
  isNew: boolean;
  /** All that changed before it was handed out, this task included. null unless the subscription was told where it begins. */
  place: ChangePlace | null;
};

/**
 * One subscriber's place at the feed. It collects from the moment it is made, keeps only the latest state of each task,
 * and never throws away a last one. Iterate it once; dispose of it when done.
 */
export type FeedSubscription = AsyncIterableIterator<FeedEvent, undefined> &
  Disposable & {
    /** Puts a state in the queue that was read elsewhere, such as the snapshot that a watcher begins with. */
    offer(task: Task, createdIn?: bigint | null): void;
    /** The subscriber has all up to `after`; what was offered so far brings it up to `now`. */
    beginAt(after: ChangePlace, now: ChangePlace): void;
    /** These own, unfinished tasks are waited for, for longer than a call takes: they are polled more often. */
    beUrgent(ids: readonly string[]): void;
  };

export type TaskFeed = {
  subscribe(interest: FeedInterest): FeedSubscription;
  readonly subscribers: number;
  /** The tasks that are waited for urgently, so many of each owner at most. An owner's whole list being open doesn't count. */
  urgentIds(): string[];
  /** These have ended, or are not there: they are not urgent any more. */
  settle(ids: readonly string[]): void;
};
