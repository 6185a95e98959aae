import type { Clock } from '../../src/kit/clock.ts';

export type ManualClock = Clock & {
  /** Moves wall-clock and monotonic time, waking sleepers in the order of their alarms and letting each run on. */
  advance(ms: number): Promise<void>;
  /** How many sleep at this moment. */
  sleepers(): number;
};

type Sleeper = { wakesAt: number; wake: () => void };

/** A clock that stands still until a test moves it. Starts at a fixed date. */
export function createManualClock(startMs = Date.UTC(2026, 0, 15, 12)): ManualClock {
  let elapsedMs = 0;
  let sleepers: Sleeper[] = [];

  return {
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    sleepers: () => sleepers.length,
    sleep(ms, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      if (signal?.aborted) return Promise.reject(signal.reason);
      const sleeper = { wakesAt: elapsedMs + Math.max(0, ms), wake: resolve };
      const abort = () => {
        sleepers = sleepers.filter((other) => other !== sleeper);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      sleepers.push(sleeper);
      return promise.finally(() => signal?.removeEventListener('abort', abort));
    },
    async advance(ms) {
      // What is just about to sleep does so at the time before.
      await new Promise((resolve) => setImmediate(resolve));
      const until = elapsedMs + ms;
      for (;;) {
        const next = sleepers.toSorted((one, other) => one.wakesAt - other.wakesAt)[0];
        if (!next || next.wakesAt > until) break;
        elapsedMs = Math.max(elapsedMs, next.wakesAt);
        sleepers = sleepers.filter((other) => other !== next);
        next.wake();
        // What was woken may go to sleep again within the span: let it come to that.
        await new Promise((resolve) => setImmediate(resolve));
      }
      elapsedMs = until;
    },
  };
}
