import type { Clock } from '../../kit/clock.ts';

/** What somebody did wrong is told no more often: anybody may do it without end. */
const everyMs = 1_000;

/**
 * Counts what is too frequent for a line of the log each. Returns how many there were since the last line, this one
 * included; null where it is too early for another line.
 */
export function createSparseLines(clock: Pick<Clock, 'monotonic'>): () => number | null {
  let count = 0;
  let toldAt = -Infinity;
  return () => {
    count += 1;
    const now = clock.monotonic();
    if (now - toldAt < everyMs) return null;
    const counted = count;
    [count, toldAt] = [0, now];
    return counted;
  };
}
