import type { Clock } from '../clock.ts';

/** One request budget: lets one call through at a time, evenly, so that no second ever holds more than the limit. */
export type Pacer = {
  /** Resolves when a call may be sent; rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<void>;
  /** The upstream said "too many": somebody else spends the same budget. Slows down for a while. */
  refused(): void;
  /** Calls that could be sent this instant, below 1 while the next one is not due. */
  level(): number;
};

/** At the full limit, clocks that differ a little begin to meet refusals (polling.md). */
const shareOfLimit = 0.97;
const shrink = { by: 0.75, atMostEveryMs: 1_000, lowestShare: 0.05 };
const recovery = { afterMs: 2_000, sharePerSecond: 0.03 };

/** `limit` in requests a second. Starts empty: whoever had the budget before may just have spent it. */
export function createPacer(limit: number, clock: Clock): Pacer {
  let share = shareOfLimit;
  let shrunkAt = Number.NEGATIVE_INFINITY;
  let nextAt = clock.monotonic() + intervalMs();

  function intervalMs(): number {
    return 1_000 / (limit * share);
  }

  function recover(now: number): void {
    const cleanMs = now - shrunkAt - recovery.afterMs;
    if (share >= shareOfLimit || cleanMs <= 0) return;
    share = Math.min(shareOfLimit, share + (recovery.sharePerSecond * cleanMs) / 1_000);
    shrunkAt = now - recovery.afterMs;
  }

  return {
    async take(signal) {
      signal.throwIfAborted();
      const now = clock.monotonic();
      recover(now);
      const at = Math.max(now, nextAt);
      nextAt = at + intervalMs();
      if (at > now) await clock.sleep(at - now, signal);
    },

    refused() {
      const now = clock.monotonic();
      if (now - shrunkAt < shrink.atMostEveryMs) return;
      share = Math.max(share * shrink.by, shareOfLimit * shrink.lowestShare);
      shrunkAt = now;
    },

    level() {
      return Math.min(1, Math.max(0, 1 - (nextAt - clock.monotonic()) / intervalMs()));
    },
  };
}
