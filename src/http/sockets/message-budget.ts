import type { Clock } from '../../kit/clock.ts';

/** A client that reconnects may subscribe to all its tasks at once, if it is quiet afterwards. */
const windowSeconds = 10;

/**
 * Takes one message; false where the client has sent too many. A bucket of ten seconds' worth: cheaper than a general
 * rate limiter, which answers by a promise and reads the machine's clock, for what is asked before each message is
 * even looked at.
 */
export function createMessageBudget(perSecond: number, clock: Pick<Clock, 'monotonic'>): () => boolean {
  const most = perSecond * windowSeconds;
  let left = most;
  let countedAt = clock.monotonic();
  return () => {
    const now = clock.monotonic();
    left = Math.min(most, left + ((now - countedAt) / 1_000) * perSecond);
    countedAt = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
