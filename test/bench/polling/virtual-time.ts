import TinyQueue from 'tinyqueue';
import type { Clock } from '../../../src/kit/clock.ts';

/** Time that passes from event to event. */
export type VirtualTime = Clock & {
  /** Now, in seconds. */
  seconds(): number;
  at(seconds: number, run: () => void): void;
  /** Lets events happen, each after all that the one before has set going, until told to stop or none is left. */
  run(isOver: () => boolean): Promise<void>;
};

export function createVirtualTime(): VirtualTime {
  let now = 0;
  let count = 0;
  let woken = true;
  const events = new TinyQueue<{ at: number; order: number; run: () => void }>(
    [],
    (one, other) => one.at - other.at || one.order - other.order,
  );
  const at = (seconds: number, run: () => void): void => events.push({ at: seconds, order: (count += 1), run });

  return {
    seconds: () => now,
    now: () => now * 1_000,
    monotonic: () => now * 1_000,
    at,
    sleep: (ms) =>
      new Promise((resolve) => {
        // Like a real timer, never early: a sum that was rounded down would be waited for again and again.
        at(now + ms / 1_000 + 1e-6, () => {
          woken = true;
          resolve();
        });
      }),
    async run(isOver) {
      for (;;) {
        // What was woken runs on in microtasks, which are over by the next turn of the loop.
        if (woken) await new Promise((resolve) => setImmediate(resolve));
        woken = false;
        if (isOver()) return;
        const event = events.pop();
        if (event === undefined) return;
        now = event.at;
        event.run();
      }
    },
  };
}
