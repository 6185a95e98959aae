import type { Limits, SandboxAction } from './actions.ts';
import { ApiError } from './api-error.ts';
import type { Clock } from '../kit/clock.ts';

export type RateLimit = {
  /** Counts one request. Throws RequestLimitExceeded beyond this second's limit; refused requests count too. */
  take(action: SandboxAction, region: string): void;
};

/** Fixed windows of one second of wall-clock time, per action and region, as the vendor's gateway counts. */
export function createRateLimit(limits: Limits, clock: Clock): RateLimit {
  let currentSecond = 0;
  let counts = new Map<string, number>();

  return {
    take(action, region) {
      const second = Math.floor(clock.now() / 1000);
      if (second !== currentSecond) {
        currentSecond = second;
        counts = new Map();
      }
      const key = `${action} ${region}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count > limits[action]) {
        throw new ApiError(
          'RequestLimitExceeded',
          `Your current request times equals to \`${count}\` in a second, which exceeds the frequency limit ` +
            `\`${limits[action]}\` for a second. Please reduce the frequency of calls.`,
        );
      }
    },
  };
}
