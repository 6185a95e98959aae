import { setTimeout as delay } from 'node:timers/promises';

/**
 * Where time comes from. Rooms never call Date.now() or timers themselves, so that tests can own time; but for the store's
 * bounds on a wait for a connection and for a turn to insert, which stand beside the time limits of pg, and run by the
 * system's clock as they do.
 */
export type Clock = {
  /** Wall-clock milliseconds since the Unix epoch. */
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
