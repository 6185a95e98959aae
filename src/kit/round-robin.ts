import { createFairQueue } from './fair-queue.ts';

/** Waiters in the order of a FairQueue. */
export type Turns = {
  /** Resolves at its turn; rejects with the signal's reason when that aborts first. By default a key is its own group. */
  wait(key: string, signal: AbortSignal, group?: string): Promise<void>;
  /** Gives the next waiter its turn; false when none waits. */
  next(): boolean;
  waiting(key: string): number;
  readonly size: number;
};

type Waiter = { key: string; goOn(): void };

export function createTurns(): Turns {
  const queue = createFairQueue<Waiter>();
  const waiting = new Map<string, number>();

  function count(key: string, change: number): void {
    const number = (waiting.get(key) ?? 0) + change;
    if (number > 0) waiting.set(key, number);
    else waiting.delete(key);
  }

  return {
    async wait(key, signal, group = key) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const waiter = { key, goOn: resolve };
      const giveUp = (): void => {
        queue.remove(waiter, { group, key });
        count(key, -1);
        reject(signal.reason);
      };
      waiter.goOn = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      queue.add(waiter, { group, key });
      count(key, 1);
      await promise;
    },

    next() {
      const waiter = queue.take();
      if (waiter === null) return false;
      count(waiter.key, -1);
      waiter.goOn();
      return true;
    },

    waiting: (key) => waiting.get(key) ?? 0,

    get size() {
      return queue.size;
    },
  };
}
