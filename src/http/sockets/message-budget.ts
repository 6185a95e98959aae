import type { Clock } from '../../kit/clock.ts';

/** A client that reconnects may subscribe to all its tasks at once, if it is quiet afterwards. */
const windowSeconds = 10;

/**
 * Takes one message; false where the client has sent too many. A token bucket of ten seconds: it runs before each message
 * is read, and is cheaper than a general rate limiter with its promises and its own clock.
 */
export function createMessageBudget(perSecond: number, clock: Pick<Clock, 'monotonic'>): () => boolean {
  const max = perSecond * windowSeconds;
  let left = max;
  let countedAt = clock.monotonic();
  return () => {
    const now = clock.monotonic();
    left = Math.min(max, left + ((now - countedAt) / 1_000) * perSecond);
    countedAt = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
