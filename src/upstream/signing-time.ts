import type { Clock } from '../kit/clock.ts';
import { isCode } from '../domain/task/submission.ts';
import { UpstreamCallError } from '../domain/upstream.ts';

// The machine's time, until the vendor refuses a signature for its time (it tolerates 5 minutes); from then on the vendor's
// own, by the `Date` header of the refusal.
export type SigningTime = {
  now(): number;
  /** Learns from a refusal that `readAnswer` throws. `date`: the answer's `Date` header. */
  checkAgainst<Value>(date: string | undefined, readAnswer: () => Value): Value;
};

export function createSigningTime(clock: Pick<Clock, 'now'>): SigningTime {
  let behindMs = 0;
  return {
    now: () => clock.now() + behindMs,
    checkAgainst(date, readAnswer) {
      try {
        return readAnswer();
      } catch (error) {
        const vendorTime = Date.parse(date ?? '');
        if (isExpired(error) && !Number.isNaN(vendorTime)) behindMs = vendorTime - clock.now();
        throw error;
      }
    },
  };
}

function isExpired(error: unknown): boolean {
  return error instanceof UpstreamCallError && isCode(error.code, ['AuthFailure.SignatureExpire']);
}
