import type { Clock } from '../kit/clock.ts';
import { isCode } from '../domain/task/submission.ts';
import { UpstreamCallError } from '../domain/upstream.ts';

/**
 * The time to sign calls with: the machine's, until the vendor refuses a signature for its time (it tolerates 5 minutes).
 * From then on the vendor's own, by the `Date` header of the refusal.
 */
export type SigningTime = {
  now(): number;
  /** Reads an answer, and learns from its refusal. `date`: when it was sent, by the vendor's clock. */
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
