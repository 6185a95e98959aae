import type { Clock } from '../clock.ts';
import { createWakeUp } from './wake-up.ts';

/**
 * Stops calls that would all meet the same trouble: the account's (a bad key, no quota) or an upstream that can't be
 * reached. While it is closed one call at a time goes through as a probe, after growing pauses; the first that works
 * opens it.
 */
export type TroubleGate = {
  /** Resolves when a call may be made. */
  pass(signal: AbortSignal): Promise<void>;
  worked(): void;
  failed(reason: string): void;
  /** Any other outcome: it says nothing about the trouble. */
  undecided(): void;
  /** Why calls are stopped, in words for an operator; null while all is well. */
  readonly trouble: string | null;
};

const pauseMs = { first: 500, longest: 60_000 };

export function createTroubleGate(clock: Clock): TroubleGate {
  let trouble: string | null = null;
  let nextPauseMs = pauseMs.first;
  let probeAt = 0;
  let probing = false;
  const changed = createWakeUp(clock);

  return {
    async pass(signal) {
      while (trouble !== null) {
        const waitMs = probeAt - clock.monotonic();
        if (!probing && waitMs <= 0) {
          probing = true;
          return;
        }
        await changed.sleep(probing ? pauseMs.longest : waitMs, signal);
        signal.throwIfAborted();
      }
    },

    worked() {
      trouble = null;
      nextPauseMs = pauseMs.first;
      probing = false;
      changed.wake();
    },

    failed(reason) {
      // Of many calls that were under way together, the first decides.
      if (trouble === null || probing) {
        probeAt = clock.monotonic() + nextPauseMs;
        nextPauseMs = Math.min(2 * nextPauseMs, pauseMs.longest);
      }
      trouble = reason;
      probing = false;
      changed.wake();
    },

    undecided() {
      if (!probing) return;
      probing = false;
      changed.wake();
    },

    get trouble() {
      return trouble;
    },
  };
}
