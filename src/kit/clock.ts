import { setTimeout as delay } from 'node:timers/promises';

// Rooms never call Date.now() or timers themselves, so that tests can drive time. The exceptions are the store's limits on
// waiting for a connection or for a turn to insert: like the time limits of pg beside them, they use the system's clock.
export type Clock = {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds that only grow, whatever happens to the wall clock. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal ? { signal } : {});
  },
};
