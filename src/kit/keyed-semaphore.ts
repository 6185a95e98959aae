import { createTurns, type Turns } from './round-robin.ts';

export type KeyedSemaphore = {
  /** Returns the release; null where one has to wait. */
  tryEnter(key: string): (() => void) | null;
  /** Waits in order of arrival. Resolves to the release; rejects with the signal's reason when that aborts first. */
  enter(key: string, signal?: AbortSignal): Promise<() => void>;
  waiting(key: string): number;
};

type Semaphore = { holders: number; turns: Turns | null };

export function createKeyedSemaphore(max: number): KeyedSemaphore {
  const byKey = new Map<string, Semaphore>();

  function semaphoreOf(key: string): Semaphore {
    const semaphore = byKey.get(key) ?? { holders: 0, turns: null };
    byKey.set(key, semaphore);
    return semaphore;
  }

  function take(key: string, semaphore: Semaphore): (() => void) | null {
    if (semaphore.holders >= max) return null;
    semaphore.holders += 1;
    return () => release(key, semaphore);
  }

  function release(key: string, semaphore: Semaphore): void {
    // The next waiter takes over the place, so the count stays.
    if (semaphore.turns?.next()) return;
    semaphore.holders -= 1;
    if (semaphore.holders === 0) byKey.delete(key);
  }

  return {
    tryEnter: (key) => take(key, semaphoreOf(key)),
    async enter(key, signal = new AbortController().signal) {
      const semaphore = semaphoreOf(key);
      const taken = take(key, semaphore);
      if (taken) return taken;
      semaphore.turns ??= createTurns();
      await semaphore.turns.wait(key, signal);
      return () => release(key, semaphore);
    },
    waiting: (key) => byKey.get(key)?.turns?.waiting(key) ?? 0,
  };
}
