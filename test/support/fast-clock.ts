import { systemClock, type Clock } from '../../src/kit/clock.ts';

/** Real time, some times faster: for what takes minutes and can't be moved by hand, because it waits for sockets too. */
export function createFastClock(factor: number): Clock {
  const start = { wall: systemClock.now(), monotonic: systemClock.monotonic() };
  return {
    now: () => Math.round(start.wall + (systemClock.monotonic() - start.monotonic) * factor),
    monotonic: () => (systemClock.monotonic() - start.monotonic) * factor,
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
  };
}
