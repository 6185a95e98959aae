import type { Clock } from './clock.ts';

export type WakeUp = {
  /** Ends all sleeps; if none is under way, the next one ends at once. */
  wake(): void;
  /** Also ends when the signal aborts; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

/** An abort without a reason would create an exception with its stack each time. */
const woken = 'woken';

export function createWakeUp(clock: Clock): WakeUp {
  let alarm: AbortController | null = null;
  let sleepers = 0;
  let missed = false;
  return {
    wake() {
      missed = sleepers === 0;
      alarm?.abort(woken);
      alarm = null;
    },
    async sleep(ms, signal) {
      if (missed) {
        missed = false;
        return;
      }
      sleepers += 1;
      alarm ??= new AbortController();
      await clock.sleep(Math.max(0, ms), AbortSignal.any([signal, alarm.signal])).catch(() => {});
      sleepers -= 1;
    },
  };
}
