import type { Clock } from '../kit/clock.ts';

/**
 * Keeps calls apart that were let through by their budget in time and then held up together: so that no second holds
 * more than `limit` of them, nor more than one where the limit is lower.
 */
export type SendWindow = {
  /** Resolves when a call may be sent, which is to happen at once. */
  enter(): Promise<void>;
};

export function createSendWindow(limit: number, clock: Clock): SendWindow {
  const most = Math.max(1, Math.floor(limit));
  /** When the last ones were sent, as many as a second may hold. */
  const sentAt: number[] = [];

  return {
    async enter() {
      for (;;) {
        const [oldest] = sentAt;
        const waitMs = oldest === undefined || sentAt.length < most ? 0 : oldest + 1_000 - clock.monotonic();
        if (waitMs <= 0) break;
        await clock.sleep(waitMs);
      }
      sentAt.push(clock.monotonic());
      if (sentAt.length > most) sentAt.shift();
    },
  };
}
