import type { Clock } from './clock.ts';

// All callbacks wait equally long, so one sleep after the other serves any number of them without a timer for each.
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
    /** Calls back after the delay. Returns a function that cancels the call. */
    add(callback: () => void): () => void {
      const place = { dueAt: clock.monotonic() + ms, callback };
      waiting.add(place);
      if (!isRunning) void run();
      return () => void waiting.delete(place);
    },
  };
}
