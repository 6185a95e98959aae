import type { Clock } from './clock.ts';

/**
 * Decides which of many equal events get a line in the log, one per `intervalMs`: anyone may cause them without end.
 * Returns how many there were since the last line, this one included; null where it is too early for another line.
 */
export function createLogThrottle(clock: Pick<Clock, 'monotonic'>, intervalMs = 1_000): () => number | null {
  let count = 0;
  let loggedAt = -Infinity;
  return () => {
    count += 1;
    const now = clock.monotonic();
    if (now - loggedAt < intervalMs) return null;
    const counted = count;
    [count, loggedAt] = [0, now];
    return counted;
  };
}
