import type { Clock } from '../kit/clock.ts';

/** Tasks that were refused and are to be tried again, each after growing pauses of its own. */
export type Rests = {
  /** It was refused, maybe not for the first time. */
  begin(taskId: string): void;
  isResting(taskId: string): boolean;
  /** It needs no rest any more. True when it had been refused before. */
  end(taskId: string): boolean;
  /** Nobody is to rest any more: what was in the way of all is gone. */
  endAll(): void;
};

const pauseMs = { first: 1_000, longest: 60_000 };

export function createRests(clock: Clock): Rests {
  const rests = new Map<string, { pauseMs: number; until: number }>();

  /** Tasks that nobody has tried for long may be canceled. */
  function forgetOld(): void {
    const old = clock.monotonic() - pauseMs.longest;
    for (const [taskId, { until }] of rests) if (until < old) rests.delete(taskId);
  }

  return {
    begin(taskId) {
      forgetOld();
      const before = rests.get(taskId)?.pauseMs ?? 0;
      const pause = Math.min(Math.max(2 * before, pauseMs.first), pauseMs.longest);
      rests.set(taskId, { pauseMs: pause, until: clock.monotonic() + pause });
    },
    isResting: (taskId) => (rests.get(taskId)?.until ?? 0) > clock.monotonic(),
    end: (taskId) => rests.delete(taskId),
    endAll: () => rests.clear(),
  };
}
