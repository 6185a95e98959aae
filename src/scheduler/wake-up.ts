import type { Clock } from '../clock.ts';

/** A sleep that can be cut short: whoever has news calls `wake`, and all that sleep look again. */
export type WakeUp = {
  wake(): void;
  /** Resolves after `ms`, at the next `wake`, or when the signal aborts; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

export function createWakeUp(clock: Clock): WakeUp {
  let alarm = new AbortController();
  return {
    wake() {
      alarm.abort();
      alarm = new AbortController();
    },
    async sleep(ms, signal) {
      await clock.sleep(Math.max(0, ms), AbortSignal.any([signal, alarm.signal])).catch(() => {});
    },
  };
}
