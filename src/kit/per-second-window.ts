import type { Clock } from './clock.ts';

/** Allows at most `max` events within any second, wherever it begins. */
export type PerSecondWindow = {
  /** Milliseconds until there is room for one more; 0 when there is. */
  waitMs(): number;
  record(): void;
};

export function createPerSecondWindow(max: number, clock: Pick<Clock, 'monotonic'>): PerSecondWindow {
  const times: number[] = [];
  return {
    waitMs() {
      const [oldest] = times;
      if (oldest === undefined || times.length < max) return 0;
      return Math.max(0, oldest + 1_000 - clock.monotonic());
    },
    record() {
      times.push(clock.monotonic());
      if (times.length > max) times.shift();
    },
  };
}
