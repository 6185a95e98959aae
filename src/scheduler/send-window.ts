import type { Clock } from '../kit/clock.ts';
import { createPerSecondWindow } from '../kit/per-second-window.ts';

/**
 * Keeps calls apart that were let through by their budget in time and then held up together: so that no second holds
 * more than `limit` of them, nor more than one where the limit is lower.
 */
export type SendWindow = {
  /** Resolves when a call may be sent, which is to happen at once. */
  enter(): Promise<void>;
};

export function createSendWindow(limit: number, clock: Clock): SendWindow {
  const sent = createPerSecondWindow(Math.max(1, Math.floor(limit)), clock);

  return {
    async enter() {
      for (;;) {
        const waitMs = sent.waitMs();
        if (waitMs <= 0) break;
        await clock.sleep(waitMs);
      }
      sent.record();
    },
  };
}
