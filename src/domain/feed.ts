import type { Task } from './task.ts';

/** What a subscriber wants to hear of: tasks of one owner, some or all of them. */
export type FeedInterest = {
  owner: string;
  ids?: readonly string[];
  matches?(task: Task): boolean;
  /** Somebody waits for the tasks named by `ids`, for longer than a call takes: they are asked after more often. */
  urgent?: boolean;
  /** After such a state there is nothing more to say: the subscription completes. */
  isLast?(task: Task): boolean;
};

/**
 * One subscriber's place at the feed. It collects from the moment it is made, keeps only the latest state of each task,
 * and never throws away a last one. Iterate it once; dispose of it when done.
 */
export type FeedSubscription = AsyncIterableIterator<Task, undefined> &
  Disposable & {
    /** Puts a state in the queue that was read elsewhere, such as the snapshot that a watcher begins with. */
    offer(task: Task): void;
  };

export type TaskFeed = {
  subscribe(interest: FeedInterest): FeedSubscription;
  readonly subscribers: number;
  /** The tasks that somebody waits for urgently. An owner's whole list being open doesn't count. */
  urgentIds(): string[];
};
