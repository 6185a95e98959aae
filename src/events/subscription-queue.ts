import type { ChangePlace } from '../domain/task/change-place.ts';
import type { FeedEvent, FeedInterest, FeedSubscription, FoundTask } from '../domain/task/feed.ts';
import type { Task } from '../domain/task/task.ts';
import { createPromptIterator, iteratorEnd } from '../kit/prompt-iterator.ts';
import { createReachedPlace } from './reached-place.ts';

/** Whole tasks kept for a slow reader; beyond this only their ids, which are read again when their turn comes. */
const keptTasks = 1_000;
/** For this many tasks the last delivered revision is remembered; beyond it an old one may come twice. */
const rememberedTasks = 10_000;

export type SubscriptionQueue = FeedSubscription & {
  /** Whether this revision is newer than all that it has. */
  lacks(id: string, revision: number): boolean;
  reach(place: ChangePlace): void;
  /** It is unknown what was missed: the reader gets this error, then the end. */
  fail(error: Error): void;
};

type Pending = { revision: number; found: FoundTask | null; turn: number };

/**
 * One subscriber's queue: the latest state of each task, in the order in which they first changed. A slow reader skips
 * intermediate states, never the last one. It has one reader.
 */
export function createSubscriptionQueue(
  interest: FeedInterest,
  readTask: (id: string, signal: AbortSignal) => Promise<FoundTask | null>,
  onClose: (urgent: readonly string[]) => void,
  onUrgent: (ids: readonly string[]) => void = () => {},
): SubscriptionQueue {
  const pending = new Map<string, Pending>();
  const delivered = new Map<string, number>();
  const reached = createReachedPlace();
  let urgent: readonly string[] = [];
  let failure: Error | null = null;
  let isClosed = false;
  // Made when they are needed: most subscribers wait, and read nothing again.
  let reading: AbortController | null = null;
  let wakeUp: PromiseWithResolvers<void> | null = null;

  function lacks(id: string, revision: number): boolean {
    return revision > Math.max(delivered.get(id) ?? 0, pending.get(id)?.revision ?? 0);
  }

  function wake(): void {
    wakeUp?.resolve();
    wakeUp = null;
  }

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    reading?.abort();
    pending.clear();
    onClose(urgent);
    wake();
  }

  function readAgain(id: string): Promise<FoundTask | null> {
    reading ??= new AbortController();
    return readTask(id, reading.signal);
  }

  async function takeNext(): Promise<FeedEvent | null> {
    const [first] = pending;
    if (first === undefined) return null;
    const [id, waiting] = first;
    pending.delete(id);
    const found = waiting.found ?? (await readAgain(id));
    if (isClosed) return null;
    const [next] = pending.values();
    reached.passTo(next?.turn ?? null);
    if (found === null || found.task.revision <= (delivered.get(id) ?? 0)) return null;
    const { task, createdIn } = found;
    const isNew = createdIn !== null && reached.isAfterBeginning(createdIn) && !delivered.has(id);
    remember(task);
    return { task, isNew, place: reached.place() };
  }

  function remember(task: Task): void {
    delivered.delete(task.id);
    delivered.set(task.id, task.revision);
    const [oldest] = delivered.keys();
    if (delivered.size > rememberedTasks && oldest !== undefined) delivered.delete(oldest);
  }

  const iterator = createPromptIterator<FeedEvent>({
    async next() {
      while (!isClosed) {
        const event = await takeNext();
        if (event !== null) {
          if (interest.isLast?.(event.task) === true) close();
          return { done: false, value: event };
        }
        if (pending.size === 0 && !isClosed) await (wakeUp ??= Promise.withResolvers()).promise;
      }
      if (failure === null) return iteratorEnd;
      const error = failure;
      failure = null;
      throw error;
    },
    end: close,
  });

  return {
    ...iterator,
    lacks,

    offer(task, createdIn = null) {
      if (isClosed || task.owner !== interest.owner || interest.matches?.(task) === false) return;
      if (!lacks(task.id, task.revision)) return;
      const before = pending.get(task.id);
      const keep = before === undefined ? pending.size < keptTasks : before.found !== null;
      const turn = before?.turn ?? reached.nextTurn();
      pending.set(task.id, { revision: task.revision, found: keep ? { task, createdIn } : null, turn });
      wake();
    },

    beginAt(after, now) {
      reached.begin(after);
      reached.add(now, pending.size === 0);
    },

    reach: (place) => reached.add(place, pending.size === 0),

    beUrgent(ids) {
      if (isClosed) return;
      urgent = [...urgent, ...ids];
      onUrgent(ids);
    },

    fail(error) {
      failure = error;
      close();
    },

    [Symbol.dispose]: close,
  };
}
