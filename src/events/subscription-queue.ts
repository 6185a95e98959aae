import type { FeedInterest, FeedSubscription } from '../domain/feed.ts';
import type { Task } from '../domain/task.ts';

/** Whole tasks kept for a reader that is behind; past this only their ids, read again when their turn comes. */
const keptTasks = 1_000;
/** Of how many tasks the last delivered revision is remembered; past this an old one may come twice. */
const rememberedTasks = 10_000;

export type SubscriptionQueue = FeedSubscription & {
  /** Whether this revision would be news. */
  lacks(id: string, revision: number): boolean;
};

/**
 * One subscriber's queue: the latest state of each task, in the order in which they first changed. A slow reader skips
 * states in between, never the last one. Iterated by one reader; `return` ends a pending `next` at once.
 */
export function createSubscriptionQueue(
  interest: FeedInterest,
  readTask: (id: string, signal: AbortSignal) => Promise<Task | null>,
  onClose: () => void,
): SubscriptionQueue {
  const pending = new Map<string, { revision: number; task: Task | null }>();
  const delivered = new Map<string, number>();
  const closing = new AbortController();
  let news = Promise.withResolvers<void>();

  function lacks(id: string, revision: number): boolean {
    return revision > Math.max(delivered.get(id) ?? 0, pending.get(id)?.revision ?? 0);
  }

  function wake(): void {
    news.resolve();
    news = Promise.withResolvers<void>();
  }

  function close(): void {
    if (closing.signal.aborted) return;
    closing.abort();
    pending.clear();
    onClose();
    wake();
  }

  async function takeNext(): Promise<Task | null> {
    const [first] = pending;
    if (first === undefined) return null;
    const [id, waiting] = first;
    pending.delete(id);
    const task = waiting.task ?? (await readTask(id, closing.signal));
    if (task === null || closing.signal.aborted || task.revision <= (delivered.get(id) ?? 0)) return null;
    remember(task);
    return task;
  }

  function remember(task: Task): void {
    delivered.delete(task.id);
    delivered.set(task.id, task.revision);
    const [oldest] = delivered.keys();
    if (delivered.size > rememberedTasks && oldest !== undefined) delivered.delete(oldest);
  }

  return {
    lacks,

    offer(task) {
      if (closing.signal.aborted || task.owner !== interest.owner || interest.matches?.(task) === false) return;
      if (!lacks(task.id, task.revision)) return;
      const before = pending.get(task.id);
      const keep = before === undefined ? pending.size < keptTasks : before.task !== null;
      pending.set(task.id, { revision: task.revision, task: keep ? task : null });
      wake();
    },

    async next() {
      while (!closing.signal.aborted) {
        const task = await takeNext();
        if (task !== null) {
          if (interest.isLast?.(task) === true) close();
          return { done: false, value: task };
        }
        if (pending.size === 0 && !closing.signal.aborted) await news.promise;
      }
      return { done: true, value: undefined };
    },

    async return() {
      close();
      return { done: true, value: undefined };
    },

    [Symbol.asyncIterator]() {
      return this;
    },

    [Symbol.dispose]: close,
  };
}
