import type { Clock } from './clock.ts';

/** `passed` is to be raced against: it resolves after the time, when disposed of, or when the signal aborts. */
export type TimeLimit = Disposable & { passed: Promise<undefined> };

export function createTimeLimit(clock: Clock, ms: number, signal?: AbortSignal): TimeLimit {
  const over = new AbortController();
  const either = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const passed = clock.sleep(ms, either).then(
    () => undefined,
    () => undefined,
  );
  return { passed, [Symbol.dispose]: () => over.abort() };
}
