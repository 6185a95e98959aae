import type { Clock } from './clock.ts';

/** Something to race against. Disposing it ends its sleep. */
export type TimeLimit = Disposable & {
  /** Resolves after the time, or when it is disposed of. Never rejects. */
  passed: Promise<undefined>;
};

/** When `signal` aborts, it passes at once. */
export function createTimeLimit(clock: Clock, ms: number, signal?: AbortSignal): TimeLimit {
  const over = new AbortController();
  const either = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const passed = clock.sleep(ms, either).then(
    () => undefined,
    () => undefined,
  );
  return { passed, [Symbol.dispose]: () => over.abort() };
}
