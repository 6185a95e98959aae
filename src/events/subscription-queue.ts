import type { ChangePlace } from '../domain/task/change-place.ts';
import type { FeedEvent, FeedInterest, FeedSubscription, FoundTask } from '../domain/task/feed.ts';
import type { Task } from '../domain/task/task.ts';
import { iteratorEnd } from '../kit/prompt-iterator.ts';
import { ReachedPlace } from './reached-place.ts';

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

type ReadTask = (id: string, signal: AbortSignal) => Promise<FoundTask | null>;

export function createSubscriptionQueue(...given: ConstructorParameters<typeof Queue>): SubscriptionQueue {
  return new Queue(...given);
}

/**
 * One subscriber's queue: the latest state of each task, in the order in which they first changed. A slow reader skips
 * intermediate states, never the last one. It has one reader. A class, and what it needs is made when it is needed: there are
 * thousands, and most of them wait.
 */
class Queue implements SubscriptionQueue {
  readonly #interest: FeedInterest;
  readonly #readTask: ReadTask;
  readonly #onClose: (urgent: readonly string[]) => void;
  readonly #onUrgent: (ids: readonly string[]) => void;
  readonly #pending = new Map<string, Pending>();
  readonly #delivered = new Map<string, number>();
  readonly #reached = new ReachedPlace();
  #urgent: readonly string[] = [];
  #failure: Error | null = null;
  #isClosed = false;
  #reading: AbortController | null = null;
  #wakeUp: (() => void) | null = null;

  constructor(
    interest: FeedInterest,
    readTask: ReadTask,
    onClose: (urgent: readonly string[]) => void,
    onUrgent: (ids: readonly string[]) => void = () => {},
  ) {
    this.#interest = interest;
    this.#readTask = readTask;
    this.#onClose = onClose;
    this.#onUrgent = onUrgent;
  }

  lacks(id: string, revision: number): boolean {
    return revision > Math.max(this.#delivered.get(id) ?? 0, this.#pending.get(id)?.revision ?? 0);
  }

  offer(task: Task, createdIn: bigint | null = null): void {
    if (this.#isClosed || task.owner !== this.#interest.owner || this.#interest.matches?.(task) === false) return;
    if (!this.lacks(task.id, task.revision)) return;
    const before = this.#pending.get(task.id);
    const keep = before === undefined ? this.#pending.size < keptTasks : before.found !== null;
    const turn = before?.turn ?? this.#reached.nextTurn();
    this.#pending.set(task.id, { revision: task.revision, found: keep ? { task, createdIn } : null, turn });
    this.#wake();
  }

  beginAt(after: ChangePlace, now: ChangePlace): void {
    this.#reached.begin(after);
    this.reach(now);
  }

  reach(place: ChangePlace): void {
    this.#reached.add(place, this.#pending.size === 0);
  }

  beUrgent(ids: readonly string[]): void {
    if (this.#isClosed) return;
    this.#urgent = [...this.#urgent, ...ids];
    this.#onUrgent(ids);
  }

  fail(error: Error): void {
    this.#failure = error;
    this[Symbol.dispose]();
  }

  async next(): Promise<IteratorResult<FeedEvent, undefined>> {
    while (!this.#isClosed) {
      const event = await this.#takeNext();
      if (event !== null) {
        if (this.#interest.isLast?.(event.task) === true) this[Symbol.dispose]();
        return { done: false, value: event };
      }
      if (this.#pending.size === 0 && !this.#isClosed) await new Promise<void>((wake) => (this.#wakeUp = wake));
    }
    if (this.#failure === null) return iteratorEnd;
    const error = this.#failure;
    this.#failure = null;
    throw error;
  }

  /** Resolves at once: it does not wait for the event that next() waits for. */
  return(): Promise<IteratorResult<FeedEvent, undefined>> {
    this[Symbol.dispose]();
    return Promise.resolve(iteratorEnd);
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#reading?.abort();
    this.#pending.clear();
    this.#onClose(this.#urgent);
    this.#wake();
  }

  #wake(): void {
    this.#wakeUp?.();
    this.#wakeUp = null;
  }

  async #takeNext(): Promise<FeedEvent | null> {
    const [first] = this.#pending;
    if (first === undefined) return null;
    const [id, waiting] = first;
    this.#pending.delete(id);
    const found = waiting.found ?? (await this.#readAgain(id));
    if (this.#isClosed) return null;
    const [next] = this.#pending.values();
    this.#reached.passTo(next?.turn ?? null);
    if (found === null || found.task.revision <= (this.#delivered.get(id) ?? 0)) return null;
    const { task, createdIn } = found;
    const isNew = createdIn !== null && this.#reached.isAfterBeginning(createdIn) && !this.#delivered.has(id);
    this.#remember(task);
    return { task, isNew, place: this.#reached.place() };
  }

  #readAgain(id: string): Promise<FoundTask | null> {
    this.#reading ??= new AbortController();
    return this.#readTask(id, this.#reading.signal);
  }

  #remember(task: Task): void {
    this.#delivered.delete(task.id);
    this.#delivered.set(task.id, task.revision);
    const [oldest] = this.#delivered.keys();
    if (this.#delivered.size > rememberedTasks && oldest !== undefined) this.#delivered.delete(oldest);
  }
}
