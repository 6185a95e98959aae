import type { Clock } from './clock.ts';

export type WakeUp = {
  /** Ends all sleeps; if none is under way, the next one ends at once. */
  wake(): void;
  /** Also ends when the signal aborts; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

/** An abort without a reason would create an exception with its stack each time. */
const woken = 'woken';

export function createWakeUp(clock: Clock): WakeUp {
  const sleepers = new Set<AbortController>();
  let missed = false;
  return {
    wake() {
      missed = sleepers.size === 0;
      for (const sleeper of sleepers) sleeper.abort(woken);
    },
    async sleep(ms, signal) {
      if (missed) {
        missed = false;
        return;
      }
      if (signal.aborted) return;
      const sleeper = new AbortController();
      const end = (): void => sleeper.abort(woken);
      sleepers.add(sleeper);
      signal.addEventListener('abort', end, { once: true });
      await clock.sleep(Math.max(0, ms), sleeper.signal).catch(() => {});
      signal.removeEventListener('abort', end);
      sleepers.delete(sleeper);
    },
  };
}
