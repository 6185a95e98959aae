import { createTurns, type Turns } from './round-robin.ts';

/** For each key, so many holders at once; the others wait in order of arrival. */
export type KeyedSemaphore = {
  /** Resolves to what releases it; rejects with the signal's reason when that aborts first. */
  enter(key: string, signal?: AbortSignal): Promise<() => void>;
  waiting(key: string): number;
};

type Semaphore = { holders: number; turns: Turns };

export function createKeyedSemaphore(max: number): KeyedSemaphore {
  const byKey = new Map<string, Semaphore>();

  function release(key: string, semaphore: Semaphore): void {
    // The next in line takes over the place.
    if (semaphore.turns.next()) return;
    semaphore.holders -= 1;
    if (semaphore.holders === 0) byKey.delete(key);
  }

  return {
    async enter(key, signal) {
      const semaphore = byKey.get(key) ?? { holders: 0, turns: createTurns() };
      byKey.set(key, semaphore);
      if (semaphore.holders < max) semaphore.holders += 1;
      else await semaphore.turns.wait(key, signal ?? new AbortController().signal);
      return () => release(key, semaphore);
    },
    waiting: (key) => byKey.get(key)?.turns.waiting(key) ?? 0,
  };
}
