import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { SpendRate } from './admission.ts';
import { rateLimited, type RefusedRequest } from './refused-request.ts';

/** Long enough for a page that opens with a burst of requests. */
const windowSeconds = 10;

/**
 * Operations of each credential: `perSecond` on average within windows of 10 s; null: unlimited. Throws a RefusedRequest,
 * 429 RATE_LIMITED, with the time to wait. Counts in this process only: N replicas let N times as much through.
 */
export function createRateLimit({ perSecond }: { perSecond: number | null }): SpendRate {
  if (perSecond === null) return () => Promise.resolve();
  const limiter = new RateLimiterMemory({ points: perSecond * windowSeconds, duration: windowSeconds });
  return async (credential) => {
    try {
      await limiter.consume(credential);
    } catch (error) {
      throw error instanceof RateLimiterRes ? tooMany(perSecond, error.msBeforeNext) : error;
    }
  };
}

function tooMany(perSecond: number, waitMs: number): RefusedRequest {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return rateLimited(`More than ${perSecond} operations a second over ${windowSeconds} s. Wait ${seconds} s.`, seconds);
}
