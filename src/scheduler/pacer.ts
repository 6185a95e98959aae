import type { Clock } from '../kit/clock.ts';

/** One request budget: lets one call through at a time, evenly, so that no second ever holds more than the limit. */
export type Pacer = {
  /** Resolves when a call may be sent; rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<void>;
  /** The upstream said "too many": another client spends the same budget. Slows down for a while. */
  refused(): void;
  /** How many calls are let through in a second, as things are. */
  perSecond(): number;
  /** Calls that could be sent this instant, below 1 while the next one is not due. */
  level(): number;
};

/** At the full limit, clocks that differ a little begin to meet refusals. */
const shareOfLimit = 0.97;
/** How late timers are apt to fire: with more than some fifty calls a second, by several intervals. */
const madeGoodMs = 20;
const shrink = { by: 0.75, atMostEveryMs: 1_000, lowestShare: 0.05 };
/**
 * A single refusal is an accident, soon made good. A second one soon after means that another client is spending: quick up to
 * near the share that was refused, and then carefully for a while.
 */
const recovery = { afterMs: 2_000, sharePerSecond: 0.03 };
const care = { whenAgainWithinMs: 20_000, fromRefusedShare: 0.9, forMs: 30_000, sharePerSecond: 0.003 };

/** `limit` in requests a second. Starts empty: the scheduler before may just have spent it. */
export function createPacer(limit: number, clock: Clock): Pacer {
  let share = shareOfLimit;
  let carefulFrom = share;
  let shrunkAt = Number.NEGATIVE_INFINITY;
  let recoveredUntil = Number.NEGATIVE_INFINITY;
  let nextAt = clock.monotonic() + intervalMs();
  /** When calls were let through: as many of the last ones as the limit allows in a second. */
  const passedAt: number[] = [];
  let turn: Promise<void> = Promise.resolve();

  function intervalMs(): number {
    return 1_000 / (limit * share);
  }

  function recover(now: number): void {
    const from = Math.max(recoveredUntil, shrunkAt + recovery.afterMs);
    if (share >= shareOfLimit || now <= from) return;
    const careful = share >= carefulFrom && now < shrunkAt + care.forMs;
    const perSecond = careful ? care.sharePerSecond : recovery.sharePerSecond;
    share = Math.min(shareOfLimit, share + (perSecond * (now - from)) / 1_000);
    recoveredUntil = now;
  }

  /** Timers fire late: calls that catch up with the plan must not crowd a second. */
  function secondHasRoomAt(): number {
    const [oldest] = passedAt;
    return oldest === undefined || passedAt.length < Math.floor(limit) ? 0 : oldest + 1_000;
  }

  async function pass(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const now = clock.monotonic();
      recover(now);
      const waitMs = Math.max(nextAt, secondHasRoomAt()) - now;
      if (waitMs <= 0) break;
      await clock.sleep(waitMs, signal);
    }
    const now = clock.monotonic();
    // What is late by less than an interval, or than timers are apt to be, is made good; more than that is lost.
    nextAt = Math.max(nextAt, now - Math.max(intervalMs(), madeGoodMs)) + intervalMs();
    passedAt.push(now);
    if (passedAt.length > Math.floor(limit)) passedAt.shift();
  }

  return {
    async take(signal) {
      const passing = turn.then(() => pass(signal));
      turn = passing.catch(() => {});
      await passing;
    },

    refused() {
      const now = clock.monotonic();
      if (now - shrunkAt < shrink.atMostEveryMs) return;
      const again = now - shrunkAt < care.whenAgainWithinMs;
      carefulFrom = again ? share * care.fromRefusedShare : shareOfLimit;
      share = Math.max(share * shrink.by, shareOfLimit * shrink.lowestShare);
      shrunkAt = now;
    },

    perSecond: () => limit * share,

    level() {
      return Math.min(1, Math.max(0, 1 - (nextAt - clock.monotonic()) / intervalMs()));
    },
  };
}
