import type { Clock } from './clock.ts';

/** Keeps every second, wherever it begins, from holding more than `max` events. */
export type PerSecondWindow = {
  /** Milliseconds until there is room for one more; 0 when there is. */
  waitMs(): number;
  /** One happens now. */
  record(): void;
};

export function createPerSecondWindow(max: number, clock: Pick<Clock, 'monotonic'>): PerSecondWindow {
  /** When the last ones happened, as many as a second may hold. */
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
