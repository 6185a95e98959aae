import type { Clock } from '../kit/clock.ts';
import { createWakeUp } from '../kit/wake-up.ts';

/**
 * Stops calls that would all meet the same trouble: the account's (a bad key, no quota) or an upstream that can't be
 * reached.
 *
 * | state | what may pass | next |
 * | --- | --- | --- |
 * | closed | every call | open, by a call that failed |
 * | open | no call | half-open, after a pause |
 * | half-open | one call, as a probe | closed when it works; open, after twice the pause, when it fails |
 */
export type CircuitBreaker = {
  /** Resolves when a call may be made. The caller reports its outcome to the pass, exactly once. */
  pass(signal: AbortSignal): Promise<Pass>;
  /** Why calls are stopped, in words for an operator; null while all is well. */
  readonly trouble: string | null;
};

export type Pass = {
  worked(): void;
  /** `culprit`: what the call was about, if that may be the reason. Failing again it says nothing new: no pause grows. */
  failed(reason: string, culprit?: string): void;
  /** Any other outcome: it says nothing about the trouble. */
  undecided(): void;
};

const pauseMs = { first: 500, max: 60_000 };

export function createCircuitBreaker(clock: Clock): CircuitBreaker {
  let trouble: string | null = null;
  let lastPauseMs = pauseMs.first;
  /** Since it opened. */
  const culprits = new Set<string>();
  let probeAt = 0;
  let probe: Pass | null = null;
  const changed = createWakeUp(clock);

  function endProbe(): void {
    probe = null;
    changed.wake();
  }

  function createPass(): Pass {
    const pass: Pass = {
      worked() {
        trouble = null;
        culprits.clear();
        endProbe();
      },
      failed(reason, culprit) {
        // Of many calls that were under way together the first decides, and then the probes alone.
        if (trouble !== null && pass !== probe) return;
        if (trouble === null) lastPauseMs = pauseMs.first;
        else if (culprit === undefined || !culprits.has(culprit)) lastPauseMs = Math.min(2 * lastPauseMs, pauseMs.max);
        if (culprit !== undefined) culprits.add(culprit);
        trouble = reason;
        probeAt = clock.monotonic() + lastPauseMs;
        endProbe();
      },
      undecided() {
        if (pass === probe) endProbe();
      },
    };
    return pass;
  }

  return {
    async pass(signal) {
      while (trouble !== null) {
        const waitMs = probeAt - clock.monotonic();
        if (probe === null && waitMs <= 0) return (probe = createPass());
        await changed.sleep(probe === null ? waitMs : pauseMs.max, signal);
        signal.throwIfAborted();
      }
      return createPass();
    },

    get trouble() {
      return trouble;
    },
  };
}
