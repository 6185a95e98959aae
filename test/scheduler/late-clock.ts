import type { ManualClock } from '../support/manual-clock.ts';

/** The same clock, with timers as they are in a busy process: each fires late, by what `lateMs` says. */
export function createLateClock(clock: ManualClock, lateMs: () => number): ManualClock {
  return { ...clock, sleep: (ms, signal) => clock.sleep(ms + lateMs(), signal) };
}
