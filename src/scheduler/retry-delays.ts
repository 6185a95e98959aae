import type { Clock } from '../kit/clock.ts';

/** Refused tasks that are tried again, each after growing pauses of its own. */
export type RetryDelays = {
  /** It was refused, perhaps not for the first time. */
  begin(taskId: string): void;
  isWaiting(taskId: string): boolean;
  /** It was not refused this time. True when it had been before. */
  end(taskId: string): boolean;
  /** What was in the way of all is gone. */
  endAll(): void;
};

const pauseMs = { first: 1_000, max: 60_000 };

export function createRetryDelays(clock: Clock): RetryDelays {
  const delays = new Map<string, { pauseMs: number; until: number }>();

  /** Tasks that were not tried for long may be canceled. */
  function forgetOld(): void {
    const old = clock.monotonic() - pauseMs.max;
    for (const [taskId, { until }] of delays) if (until < old) delays.delete(taskId);
  }

  return {
    begin(taskId) {
      forgetOld();
      const before = delays.get(taskId)?.pauseMs ?? 0;
      const pause = Math.min(Math.max(2 * before, pauseMs.first), pauseMs.max);
      delays.set(taskId, { pauseMs: pause, until: clock.monotonic() + pause });
    },
    isWaiting: (taskId) => (delays.get(taskId)?.until ?? 0) > clock.monotonic(),
    end: (taskId) => delays.delete(taskId),
    endAll: () => delays.clear(),
  };
}
