import type { Clock } from './clock.ts';

/** At most one log line per interval: returns how many events it stands for, or null when it is too early for a line. */
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
