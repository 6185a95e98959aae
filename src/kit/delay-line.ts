import type { Clock } from './clock.ts';

/**
 * Calls each back so many milliseconds after it was added, unless it was removed before. All wait equally long, so that one
 * sleep after the other is enough for any number, and removing one costs neither a timer nor an exception.
 */
export function createDelayLine(ms: number, { clock, signal }: { clock: Clock; signal: AbortSignal }) {
  const waiting = new Set<{ dueAt: number; callback: () => void }>();
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    for (const next of waiting) {
      const leftMs = next.dueAt - clock.monotonic();
      if (leftMs > 0) await clock.sleep(leftMs, signal).catch(() => {});
      if (signal.aborted) break;
      if (waiting.delete(next)) next.callback();
    }
    isRunning = false;
  }

  return {
    /** Returns what removes it. */
    add(callback: () => void): () => void {
      const place = { dueAt: clock.monotonic() + ms, callback };
      waiting.add(place);
      if (!isRunning) void run();
      return () => void waiting.delete(place);
    },
  };
}
